import { type CallArguments, type PyValue, UNKNOWN } from '../values.js'
import { argument, makeParser, modelOf, type ParserRegistry } from './make-parser.js'
import type { ParserModel, SubparsersModel } from './parser-model.js'

/** `add_subparsers(…)` */
export function addSubparsers(model: ParserModel, args: CallArguments, registry: ParserRegistry): PyValue {
  const dest = argument(args, 'dest')
  const subparsers: SubparsersModel = {
    dest: typeof dest === 'string' ? dest : undefined,
    required: argument(args, 'required') === true,
    help: argument(args, 'help') ?? argument(args, 'description') ?? argument(args, 'title'),
    choices: new Map(),
    file: args.file,
    line: args.node.line,
  }
  model.subparsers ??= subparsers
  const target = model.subparsers
  const call = (method: string, given: CallArguments): PyValue => {
    if (method !== 'add_parser') return UNKNOWN
    const name = argument(given, 'name', 0)
    const parser = makeParser({ ...given, positional: [] }, registry)
    // A sub-parser is not a script's parser by itself.
    registry.parsers.pop()
    const made = modelOf(parser)
    if (typeof name !== 'string' || made === undefined) {
      model.unknown++
      return parser
    }
    target.choices.set(name, { parser: made, help: argument(given, 'help') })
    return parser
  }
  return {
    kind: 'native',
    subject: target,
    call,
    attribute: (name) => (name === 'choices' ? UNKNOWN : undefined),
    assign: (name, value) => {
      // The way to make one required before Python 3.7.
      if (name === 'required' && value === true) Object.assign(target, { required: true })
      if (name === 'dest' && typeof value === 'string') Object.assign(target, { dest: value })
    },
  }
}
