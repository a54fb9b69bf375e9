/** The text that a tree was read from. */
export interface Source {
  readonly text: string
  /** 1-based line of an offset. */
  readonly lineAt: (offset: number) => number
}

/**
 * A node of a syntax tree: plain data, free of the parser's memory, never nested deeper than the tree's `maxDepth`, so
 * that code may walk it recursively. Offsets count UTF-16 units, as JavaScript strings do.
 */
export class SyntaxNode {
  /** All children, with operators, keywords and punctuation. */
  readonly children: SyntaxNode[] = []
  /** The next node with the same parent. */
  next: SyntaxNode | undefined

  constructor(
    readonly source: Source,
    /** The grammar's name: `call`, `identifier`; for unnamed nodes the text itself: `(`, `not in`. */
    readonly type: string,
    /** Whether it is more than punctuation, an operator or a keyword. */
    readonly named: boolean,
    /** Its role in its parent: `function`, `arguments`, `left`. */
    readonly role: string | undefined,
    readonly start: number,
    readonly end: number,
    readonly parent: SyntaxNode | undefined,
  ) {}

  get text(): string {
    return this.source.text.slice(this.start, this.end)
  }

  /** 1-based line where it begins. */
  get line(): number {
    return this.source.lineAt(this.start)
  }

  /** Children that are more than punctuation, without comments. */
  get parts(): SyntaxNode[] {
    return this.children.filter(({ named, type }) => named && type !== 'comment')
  }

  /** The first child in that role. */
  field(role: string): SyntaxNode | undefined {
    return this.children.find((child) => child.role === role)
  }

  /** All children in that role. */
  fields(role: string): SyntaxNode[] {
    return this.children.filter((child) => child.role === role)
  }

  /** The first child of that type. */
  child(type: string): SyntaxNode | undefined {
    return this.children.find((child) => child.type === type)
  }

  /**
   * This node and everything in it, in the order of the text. `enter` may keep the walk out of a node's children by
   * returning `false`.
   */
  *walk(enter: (node: SyntaxNode) => boolean = () => true): Generator<SyntaxNode> {
    const rest: SyntaxNode[] = [this]
    for (let node = rest.pop(); node !== undefined; node = rest.pop()) {
      yield node
      if (!enter(node)) continue
      for (let index = node.children.length - 1; index >= 0; index--) {
        const child = node.children[index]
        if (child !== undefined) rest.push(child)
      }
    }
  }

  /** Every node of these types in it, itself included. */
  *find(...types: readonly string[]): Generator<SyntaxNode> {
    for (const node of this.walk()) if (types.includes(node.type)) yield node
  }

  /** The nearest node around it of these types. */
  closest(...types: readonly string[]): SyntaxNode | undefined {
    let node = this.parent
    while (node !== undefined && !types.includes(node.type)) node = node.parent
    return node
  }
}
