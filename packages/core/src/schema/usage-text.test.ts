import { describe, expect, test } from 'vitest'
import { usageDescriptions } from './usage-descriptions.js'
import { readUsage } from './usage-text.js'

/** A usage in one line: `input, [output], files..., --limit=n, [-v]`. */
function shown(text: string): string | undefined {
  const usage = readUsage(text)
  if (usage === undefined) return undefined
  const wrap = (word: string, required: boolean) => (required ? word : `[${word}]`)
  return [
    ...usage.positionals.map(({ name, required, many, choices }) =>
      wrap(`${choices === undefined ? name : choices.join('|')}${many ? '...' : ''}`, required),
    ),
    ...usage.flags.map(({ flags, value, required }) =>
      wrap(flags.join('|') + (value === undefined ? '' : `=${value}`), required),
    ),
  ].join(', ')
}

describe('readUsage()', () => {
  test.each([
    ['Usage: x.sh <input> [output]', 'input, [output]'],
    ['usage: $0 INPUT_FILE [OUTPUT_DIR]', 'input_file, [output_dir]'],
    [
      'Usage: $(basename "$0") [-v] [-n count] [--out=FILE] <a> [b...]',
      'a, [b...], [-v], [-n=count], [--out=FILE]',
    ],
    ['Usage: node convert.js <file> [--format json|csv]', 'file, [--format=json|csv]'],
    ['Usage: run.sh {start|stop|status}', 'start|stop|status'],
    ['Usage: run.sh start|stop', 'start|stop'],
    ['# Usage:\n#   ./deploy.sh <env> <version>', 'env, version'],
    ['Usage: tool [options] <files...>', 'files...'],
    [
      'Usage: x.sh -o|--output FILE SRC DEST',
      'SRC, DEST, -o|--output=FILE'.replace('SRC, DEST', 'src, dest'),
    ],
    ['Usage: x.js <in> # converts it', 'in'],
    ['Usage of this tool is discouraged.', undefined],
    ['See the usage notes below', undefined],
    ['nothing', undefined],
  ])('reads %j', (text, expected) => {
    expect(shown(text)).toBe(expected)
  })
})

describe('usageDescriptions()', () => {
  test('explains flags, names and places', () => {
    const found = usageDescriptions(
      '  -o, --output FILE   where to write\n# $1 - the input file\n *   input: what to read\n--limit <n>\thow many',
    )
    expect(Object.fromEntries(found)).toEqual({
      '-o': 'where to write',
      '--output': 'where to write',
      $1: 'the input file',
      input: 'what to read',
      '--limit': 'how many',
    })
  })
})
