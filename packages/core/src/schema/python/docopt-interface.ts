import type { Parameter, ParameterLevel, ScriptInterface, SubCommand } from '../parameter.js'
import type { CallArguments } from './values.js'

interface Option {
  readonly flags: readonly string[]
  readonly takesValue: boolean
  readonly default: string | undefined
  readonly description: string | undefined
}

interface Word {
  readonly text: string
  readonly optional: boolean
  readonly many: boolean
  /** Belongs to alternatives: `(a | b)`. */
  readonly either: boolean
}

/** What a script takes whose usage text is its parser: `docopt(__doc__)`. */
export function docoptInterface(args: CallArguments, doc: string | undefined): ScriptInterface | undefined {
  const given = args.positional[0] ?? args.keywords.get('doc')
  const text = (typeof given === 'string' ? given : doc)?.slice(0, 20_000)
  const usage = /usage:[ \t]*([\s\S]*?)(?:\n[ \t]*\n|$)/i.exec(text ?? '')?.[1]
  if (text === undefined || usage === undefined) return undefined
  const options = [...text.matchAll(/^[ \t]+(-[^\n]*(?:\n(?![ \t]*-|\s*\n)[^\n]*)*)/gm)].map(
    ([, line = '']) => optionOf(line),
  )
  const lines = usage
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
  const [program = ''] = lines[0]?.split(/\s+/) ?? []
  const patterns = joinLines(lines, program).map((line) =>
    withoutValues(wordsOf(line.slice(program.length)), options),
  )
  if (patterns.some(hasLateCommand)) return undefined
  return {
    ...{ kind: 'docopt', endOfOptions: /\[--\]/.test(usage) },
    ...levelOf(patterns, options, args, 0),
  }
}

/** A pattern may go on in the next line. */
function joinLines(lines: readonly string[], program: string): string[] {
  const joined: string[] = []
  for (const line of lines) {
    if (line.startsWith(program) || joined.length === 0) joined.push(line)
    else joined.push(`${joined.pop()} ${line}`)
  }
  return joined
}

function optionOf(line: string): Option {
  const [spelled = '', ...said] = line.split(/ {2,}|\n/)
  const description = said.join(' ').replace(/\s+/g, ' ').trim()
  const flags = [...spelled.matchAll(/--?[A-Za-z0-9][\w-]*/g)].map(([flag]) => flag)
  return {
    flags,
    takesValue: /--?[\w-]+[ =](?:<[^>]+>|[A-Z][A-Z_]*)/.test(spelled),
    default: /\[default: ([^\]]*)\]/i.exec(description)?.[1],
    description: description === '' ? undefined : description,
  }
}

function wordsOf(pattern: string): Word[] {
  const words: Word[] = []
  const depth: string[] = []
  let group = 0
  for (const [token] of pattern.matchAll(
    /\.\.\.|[[\]()|]|<[^>]+>|--?[\w-]+(?:=(?:<[^>]+>|[^\s[\]()|]+))?|[^\s[\]()|.]+/g,
  )) {
    if (token === '[' || token === '(') {
      depth.push(token)
      group = words.length
    } else if (token === ']' || token === ')') depth.pop()
    else if (token === '...') {
      const from =
        pattern.includes(']...') || pattern.includes(')...')
          ? Math.min(group, words.length - 1)
          : words.length - 1
      for (let index = Math.max(0, from); index < words.length; index++) {
        const word = words[index]
        if (word !== undefined) words[index] = { ...word, many: true }
      }
    } else if (token === '|') {
      const last = words.at(-1)
      if (last !== undefined) words[words.length - 1] = { ...last, either: true }
      words.push({ text: '|', optional: false, many: false, either: true })
    } else
      words.push({
        text: token,
        optional: depth.includes('['),
        many: false,
        either: words.at(-1)?.text === '|',
      })
  }
  return words.filter(({ text }) => text !== '|')
}

/** `-o FILE`: the file belongs to the flag. */
function withoutValues(words: readonly Word[], options: readonly Option[]): Word[] {
  const taking = new Set(options.flatMap(({ flags, takesValue }) => (takesValue ? flags : [])))
  return words.filter((_, index) => !taking.has(words[index - 1]?.text ?? ''))
}

/** `ship <name> move`: what such a line needs cannot be said by a flat list of arguments. */
function hasLateCommand(words: readonly Word[]): boolean {
  const first = words.findIndex((word) => !isCommand(word))
  return first >= 0 && words.slice(first).some(isCommand)
}

const isPositional = (text: string): boolean => /^<.*>$/.test(text) || /^[A-Z][A-Z0-9_-]*$/.test(text)
const isCommand = ({ text }: Word): boolean => /^[a-z][\w-]*$/.test(text) && text !== 'options'

function levelOf(
  patterns: readonly Word[][],
  options: readonly Option[],
  args: CallArguments,
  depth: number,
): ParameterLevel {
  const first = patterns.filter(([word]) => word !== undefined && isCommand(word))
  if (first.length > 0 && depth < 3) {
    const names = [...new Set(first.flatMap((words) => leadingCommands(words)))]
    const choices = names.map((command): SubCommand => {
      const own = first
        .filter((words) => leadingCommands(words).includes(command))
        .map((words) => words.slice(leadingCommands(words).length))
      return { command, ...levelOf(own, [], args, depth + 1) }
    })
    const name = depth === 0 ? 'command' : 'subcommand'
    const plain = patterns.filter((words) => !first.includes(words))
    const { file, node } = args
    return {
      parameters: options
        .map((option) => optionParameter(option, args))
        .filter(({ name: own }) => own !== ''),
      commands: { name, required: plain.length === 0, file, line: node.line, choices },
    }
  }
  return { parameters: [...flagsOf(patterns, options, args), ...positionalsOf(patterns, args)] }
}

/** `(add | remove)` at the start of a pattern. */
function leadingCommands(words: readonly Word[]): string[] {
  const [head, ...rest] = words
  if (head === undefined || !isCommand(head)) return []
  if (!head.either) return [head.text]
  const others = rest.findIndex((word) => !word.either || !isCommand(word))
  return [head.text, ...rest.slice(0, others < 0 ? rest.length : others).map(({ text }) => text)]
}

function positionalsOf(patterns: readonly Word[][], args: CallArguments): Parameter[] {
  const found = new Map<string, Parameter>()
  for (const words of patterns) {
    for (const { text, optional, many, either } of words) {
      if (!isPositional(text)) continue
      const name = text.replace(/^<|>$/g, '').replace(/\W+/g, '_').toLowerCase()
      const everywhere = patterns.every((other) => other.some((word) => word.text === text))
      const required = !optional && !either && everywhere
      found.set(name, {
        ...{ name, type: 'string', required, file: args.file, line: args.node.line },
        ...(many ? { list: required ? { min: 1 } : {} } : {}),
        places: [{ kind: 'positional', takes: many ? 'many' : 'one' }],
      })
    }
  }
  return [...found.values()]
}

function flagsOf(patterns: readonly Word[][], options: readonly Option[], args: CallArguments): Parameter[] {
  const known = new Map(options.flatMap((option) => option.flags.map((flag) => [flag, option] as const)))
  const all = new Set(options)
  for (const words of patterns) {
    for (const { text } of words) {
      const flag = /^--?[\w-]+/.exec(text)?.[0]
      if (flag === undefined || flag === '--' || known.has(flag)) continue
      const option = {
        flags: [flag],
        takesValue: text.includes('='),
        default: undefined,
        description: undefined,
      }
      known.set(flag, option)
      all.add(option)
    }
  }
  return [...all].map((option) => optionParameter(option, args)).filter(({ name }) => name !== '')
}

function optionParameter(
  { flags, takesValue, default: fallback, description }: Option,
  { file, node }: CallArguments,
): Parameter {
  const flag = flags.find((text) => text.startsWith('--')) ?? flags[0] ?? ''
  const isHelp = flag === '--help' || flag === '--version'
  return {
    name: isHelp ? '' : flag.replace(/^-+/, '').replaceAll('-', '_'),
    type: takesValue ? 'string' : 'boolean',
    ...(takesValue ? (fallback === undefined ? {} : { default: fallback }) : { default: false }),
    required: false,
    ...(description === undefined ? {} : { description }),
    ...{ file, line: node.line },
    places: [
      takesValue
        ? { kind: 'flag', flag, takes: 'one', form: 'joined' }
        : { kind: 'flag', flag, takes: 'nothing', when: true, form: 'auto' },
    ],
  }
}
