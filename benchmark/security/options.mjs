import { parseArgs } from 'node:util'

export const HELP = `\
Runs 20 attacks against SkillLite and other sandboxes and shows which did harm.

Usage: node benchmark/security/run.mjs [OPTIONS]

  --only NAME      Only this contender (repeatable)
  --skip NAME      Not this contender (repeatable)
  --item ID        Only this item (repeatable)
  --also-as USER   A second time as this ordinary user (when started by root)
  --output FILE    Write the results to this file, in Markdown
  --json FILE      Write the results to this file, in JSON
  --list           Show the names of contenders and items
  -h, --help       Show this help
`

/** Throws a sentence for the user where something is not known. */
export function readOptions(argv, known) {
  const { values } = parseArgs({
    args: argv,
    options: {
      only: { type: 'string', multiple: true, default: [] },
      skip: { type: 'string', multiple: true, default: [] },
      item: { type: 'string', multiple: true, default: [] },
      'also-as': { type: 'string' },
      output: { type: 'string' },
      json: { type: 'string' },
      list: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  for (const [option, names] of [
    ['only', known.contenders],
    ['skip', known.contenders],
    ['item', known.items],
  ])
    checkNames(option, values[option], names)
  return values
}

/** Refuses a name given with an option that is none of those that are known. */
export function checkNames(option, given, names) {
  const unknown = given.find((name) => !names.includes(name))
  if (unknown !== undefined)
    throw new Error(`--${option} ${unknown} is not known; there is: ${names.join(', ')}`)
}
