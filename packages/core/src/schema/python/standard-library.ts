import { builtins } from './builtins.js'
import type { Interpreter } from './interpreter.js'
import { iterate } from './iterate.js'
import { pathText } from './json-value.js'
import { type CallArguments, dict, isObject, type PyValue, sequence, typed, UNKNOWN } from './values.js'

type Function = (args: CallArguments, run: Interpreter) => PyValue | undefined

/** The value that the code gives an environment variable that is not set. */
const unsetVariable: Function = ({ positional, keywords }) => ({
  kind: 'typed',
  type: 'string',
  fallback: positional[1] ?? keywords.get('default') ?? null,
})

const textParts = ({ positional }: CallArguments): string[] | undefined => {
  const parts = positional.map((part) => (typeof part === 'string' ? part : pathText(part)))
  return parts.every((part) => part !== undefined) ? parts : undefined
}

function joinPath(args: CallArguments): PyValue {
  const parts = textParts(args)
  if (parts === undefined) return typed('string')
  return parts.reduce((path, part) => {
    if (part.startsWith('/') || path === '') return part
    return path.endsWith('/') ? path + part : `${path}/${part}`
  }, '')
}

/** `textwrap.dedent` */
function dedent(text: string): string {
  const lines = text.split('\n').map((line) => (/^[ \t]+$/.test(line) ? '' : line))
  const margins = lines.filter((line) => line !== '').map((line) => /^[ \t]*/.exec(line)?.[0] ?? '')
  let margin = margins[0] ?? ''
  for (const other of margins) while (!other.startsWith(margin)) margin = margin.slice(0, -1)
  return lines.map((line) => (line.startsWith(margin) ? line.slice(margin.length) : line)).join('\n')
}

const functions: Readonly<Record<string, Function>> = {
  'os.getenv': unsetVariable,
  'os.environ.get': unsetVariable,
  'os.path.join': joinPath,
  'os.path.basename': (args) => {
    const [path] = textParts(args) ?? []
    return path === undefined ? typed('string') : path.slice(path.lastIndexOf('/') + 1)
  },
  'os.path.expanduser': (args) => {
    const [path] = textParts(args) ?? []
    return path === undefined || path.startsWith('~') ? typed('string') : path
  },
  'textwrap.dedent': ({ positional: [text] }) => (typeof text === 'string' ? dedent(text) : typed('string')),
  'inspect.cleandoc': ({ positional: [text] }) =>
    typeof text === 'string' ? dedent(text).trim() : typed('string'),
  'collections.OrderedDict': (args, run) => builtins.dict?.(args, run),
  'collections.defaultdict': () => dict(),
  'types.MappingProxyType': ({ positional: [map] }) => map,
  'typing.get_args': ({ positional: [type] }) =>
    isObject(type, 'made') && type.path.endsWith('.Literal')
      ? sequence('tuple', [...type.args.positional])
      : UNKNOWN,
  'typing.cast': ({ positional: [, value] }) => value,
  'itertools.chain': ({ positional }) => {
    const lists = positional.map(iterate)
    return lists.every((list) => list !== undefined) ? sequence('list', lists.flat()) : UNKNOWN
  },
  'copy.deepcopy': ({ positional: [value] }) => value,
  'copy.copy': ({ positional: [value] }) => value,
}

const constants: ReadonlyMap<string, PyValue> = new Map<string, PyValue>([
  ['os.sep', '/'],
  ['os.linesep', '\n'],
  ['os.devnull', '/dev/null'],
  ['os.curdir', '.'],
  ['os.pardir', '..'],
  ['os.pathsep', ':'],
  ['logging.CRITICAL', 50],
  ['logging.ERROR', 40],
  ['logging.WARNING', 30],
  ['logging.INFO', 20],
  ['logging.DEBUG', 10],
  ['logging.NOTSET', 0],
  ['csv.QUOTE_MINIMAL', 0],
  ['csv.QUOTE_ALL', 1],
  ['csv.QUOTE_NONNUMERIC', 2],
  ['csv.QUOTE_NONE', 3],
  ['typing.TYPE_CHECKING', false],
])

/** What calling something of the standard library gives, where that is known without running it. */
export function callLibrary(path: string, args: CallArguments, run: Interpreter): PyValue | undefined {
  return Object.hasOwn(functions, path) ? functions[path]?.(args, run) : undefined
}

/** A constant of the standard library. */
export const libraryConstant = (path: string): PyValue | undefined => constants.get(path)
