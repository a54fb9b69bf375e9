/** An option as commander's own text spells it: `-p, --port <number>`. */
export interface CommanderFlags {
  readonly short?: string
  readonly long?: string
  /** A value must, or may, follow. */
  readonly value?: 'required' | 'optional'
  readonly variadic: boolean
  readonly negated: boolean
  /** The property that commander keeps the value in. */
  readonly name: string
}

export function commanderFlags(text: string): CommanderFlags | undefined {
  const words = text.trim().split(/[ |,]+/)
  // As commander does it: the second spelling is the one that names the value.
  const first = words.length > 1 && !/^[[<]/.test(words[1] ?? '') ? words.shift() : undefined
  const second = words[0]
  const alone = first === undefined && /^-[^-]$/.test(second ?? '')
  const short = alone ? second : first
  const long = alone ? undefined : second
  const spelled = long ?? short
  if (spelled === undefined) return undefined
  const negated = long?.startsWith('--no-') === true
  return {
    ...(short === undefined ? {} : { short }),
    ...(long === undefined ? {} : { long }),
    ...(/<.*>/.test(text) ? { value: 'required' } : /\[.*\]/.test(text) ? { value: 'optional' } : {}),
    variadic: /\w\.\.\.[>\]]$/.test(text.trim()),
    negated,
    name: camelCase(spelled.replace(/^--?/, '').replace(negated ? /^no-/ : /^$/, '')),
  }
}

const camelCase = (text: string): string =>
  text.replace(/-(.)?/g, (_, letter: string | undefined) => letter?.toUpperCase() ?? '')

/** An argument as commander spells it: `<file>`, `[more...]`. */
export interface CommanderArgument {
  readonly name: string
  readonly required: boolean
  readonly variadic: boolean
}

export function commanderArgument(text: string): CommanderArgument {
  const bare = text.trim().replace(/^[<[]|[>\]]$/g, '')
  return {
    name: bare.replace(/\.\.\.?$/, ''),
    required: !text.trim().startsWith('['),
    variadic: /\.\.\.?$/.test(bare),
  }
}

/** The words of `add <name> [more...]`. */
export function commandWords(text: string): { readonly name: string; readonly args: readonly string[] } {
  const [name = '', ...rest] = text.trim().split(/ +/)
  const args = rest.join(' ').match(/<[^>]*>|\[[^\]]*\]/g) ?? []
  return { name, args }
}
