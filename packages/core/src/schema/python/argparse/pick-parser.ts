import type { ParserModel } from './parser-model.js'

/** The parser that a script's own command line goes to: the one asked to parse it, else the one that takes most. */
export function pickParser(parsers: readonly ParserModel[]): ParserModel | undefined {
  for (const parsed of ['all', 'some', undefined]) {
    const candidates = parsers.filter((parser) => parser.parsed === parsed && weight(parser) > 0)
    const best = candidates.toSorted((a, b) => weight(b) - weight(a))[0]
    if (best !== undefined) return best
  }
  return parsers.find(({ parsed }) => parsed !== undefined)
}

const weight = (parser: ParserModel): number =>
  parser.actions.length + 2 * (parser.subparsers?.choices.size ?? 0)
