import { describe, expect, test } from 'vitest'
import { infer, line, outline } from './outline.js'

type Case = readonly [
  title: string,
  code: string,
  schema: string,
  args: Record<string, unknown>,
  line: string,
]

const commander: readonly Case[] = [
  [
    'chained options',
    `const { Command } = require('commander')
     const program = new Command()
     program.name('tool').description('Does it.').version('1.0.0')
       .argument('<input>', 'file to read')
       .argument('[output]', 'file to write', 'out.txt')
       .option('-l, --limit <n>', 'how many', parseInt, 10)
       .option('-v, --verbose', 'say more')
       .option('--no-color', 'plain')
       .parse()`,
    'limit: integer = 10, verbose: boolean, color: boolean = true, input: string!, output: string = "out.txt"',
    { input: '-x', color: false, limit: 3, verbose: true },
    '--limit 3 --verbose --no-color -- -x',
  ],
  [
    'statements and requiredOption',
    `import { program } from 'commander'
     program.requiredOption('-i, --input-file <path>', 'what to read')
     program.option('--max-size <mb>', 'largest', parseFloat)
     program.option('--format <type>', 'how', 'json')
     program.parse(process.argv)
     const options = program.opts()`,
    'inputFile: string!, maxSize: number, format: string = "json"',
    { inputFile: '--format', maxSize: 1.5 },
    '--input-file=--format --max-size 1.5',
  ],
  [
    'Option and Argument objects',
    `import { Argument, Command, Option } from 'commander'
     const program = new Command()
     program.addArgument(new Argument('<size>', 'cup').choices(['small', 'large']))
     program.addOption(new Option('-d, --drink <name>').choices(['tea', 'coffee']).default('tea'))
     program.addOption(new Option('-p, --port <n>', 'port').argParser((v) => parseInt(v, 10)).makeOptionMandatory())
     program.addOption(new Option('--json').conflicts('drink'))
     await program.parseAsync()`,
    'drink: tea|coffee = "tea", port: integer!, json: boolean, size: small|large!',
    { size: 'small', port: 8, drink: 'coffee' },
    '--drink coffee --port 8 small',
  ],
  [
    'variadic, collected, counted',
    `const program = require('commander').program
     const collect = (value, previous) => previous.concat([value])
     program.option('-f, --files <path...>', 'files')
       .option('-t, --tag <tag>', 'tag', collect, [])
       .option('-v, --verbose', 'more', (_, n) => n + 1, 0)
       .argument('<names...>')
       .parse()`,
    'files: string[], tag: string[] = [], verbose: integer = 0, names: string[]!',
    { files: ['a', 'b'], tag: ['x', 'y'], verbose: 2, names: ['n'] },
    '--files a b --tag x --tag y --verbose --verbose n',
  ],
  [
    'sub-commands',
    `const { program } = require('commander')
     program.option('--debug', 'debug')
     program.command('add <name>').description('Adds one.').option('-p, --priority <n>', 'priority', Number).action((name, options) => {})
     const list = program.command('list').description('Lists all.')
     list.option('--all', 'also done ones')
     program.parse()`,
    'debug: boolean, command: add|list!, priority: number, name: string, all: boolean',
    { command: 'add', name: '-n', priority: 2, debug: true },
    '--debug add --priority 2 -- -n',
  ],
  [
    'nested commands, added ones',
    `import { Command } from 'commander'
     const remote = () => {
       const command = new Command('remote').description('Remotes.')
       command.command('add').argument('<url>').action(() => {})
       command.command('remove').argument('<name>').action(() => {})
       return command
     }
     const program = new Command()
     program.addCommand(remote())
     program.command('status', { isDefault: true }).option('-s, --short')
     program.parse()`,
    'command: remote|status, remote_command: add|remove, url: string, name: string, short: boolean',
    { command: 'remote', remote_command: 'add', url: 'u' },
    'remote add u',
  ],
  [
    'options from a loop, shared ones from a function',
    `const { Command } = require('commander')
     const common = (command) => command.option('--token <token>', 'key')
     const program = new Command()
     for (const name of ['alpha', 'beta']) program.option('--' + name + ' <n>', 'a ' + name, parseFloat, 0.5)
     common(program)
     program.parse(process.argv)`,
    'alpha: number = 0.5, beta: number = 0.5, token: string',
    { alpha: 1, token: 't' },
    '--alpha 1 --token t',
  ],
  [
    'what the action does with the values',
    `const { program } = require('commander')
     program.argument('<count>').option('--size <n>', 'size', '10').action((count, options) => {
       run(parseInt(count, 10), Number(options.size))
     })
     program.parse()`,
    'size: number = 10, count: integer!',
    { count: 2, size: 3 },
    '--size 3 2',
  ],
  [
    'both a flag and its opposite',
    `const program = new (require('commander').Command)()
     program.option('--cache', 'use it').option('--no-cache', 'do not').parse()`,
    'cache: boolean',
    { cache: false },
    '--no-cache',
  ],
]

const parseArgs: readonly Case[] = [
  [
    'types, short, multiple, default, positionals',
    `import { parseArgs } from 'node:util'
     const { values, positionals } = parseArgs({
       options: {
         output: { type: 'string', short: 'o', default: 'out.txt' },
         tag: { type: 'string', multiple: true },
         force: { type: 'boolean', short: 'f', default: false },
         'max-rows': { type: 'string' },
       },
       allowPositionals: true,
     })
     const [input] = positionals
     if (!input) { console.error('no input'); process.exit(1) }
     const rows = parseInt(values['max-rows'] ?? '100', 10)`,
    'output: string = "out.txt", tag: string[], force: boolean = false, max-rows: integer = 100, input: string!',
    { input: '-i', tag: ['a', '-b'], force: true, 'max-rows': -1 },
    '--tag a --tag=-b --force --max-rows=-1 -- -i',
  ],
  [
    'a table of options',
    `const util = require('util')
     const options = { name: { type: 'string' }, json: { type: 'boolean' } }
     const { values: { name, json } } = util.parseArgs({ args: process.argv.slice(2), options })
     if (!name) throw new Error('--name is needed')`,
    'name: string!, json: boolean',
    { name: 'a' },
    '--name a',
  ],
  [
    'all positionals',
    `const { parseArgs } = require('node:util')
     const { values, positionals: files } = parseArgs({ options: { quiet: { type: 'boolean' } }, allowPositionals: true })
     for (const file of files) show(file)`,
    'quiet: boolean, files: string[]',
    { quiet: true, files: ['a', 'b'] },
    '--quiet a b',
  ],
  [
    'negative flags',
    `import { parseArgs } from 'util'
     parseArgs({ options: { color: { type: 'boolean', default: true } }, allowNegative: true })`,
    'color: boolean = true',
    { color: false },
    '--no-color',
  ],
]

const yargs: readonly Case[] = [
  [
    'options',
    `const yargs = require('yargs/yargs')
     const { hideBin } = require('yargs/helpers')
     const argv = yargs(hideBin(process.argv))
       .option('input', { alias: 'i', type: 'string', describe: 'what to read', demandOption: true })
       .option('limit', { type: 'number', default: 10 })
       .option('format', { choices: ['json', 'csv'], default: 'json' })
       .option('tags', { type: 'array' })
       .option('verbose', { alias: 'v', type: 'count' })
       .boolean('dry-run')
       .help().argv`,
    'input: string!, limit: number = 10, format: json|csv = "json", tags: string[], verbose: integer, dry-run: boolean',
    { input: 'a', tags: ['x', 'y'], verbose: 2, 'dry-run': true },
    '--tags x y --input a --verbose --verbose --dry-run',
  ],
  [
    'commands with positionals',
    `import yargs from 'yargs'
     import { hideBin } from 'yargs/helpers'
     yargs(hideBin(process.argv))
       .command('get <url> [out]', 'Fetches.', (y) => y.positional('url', { type: 'string' }).option('retries', { type: 'number', default: 3 }), (argv) => {})
       .command({ command: 'clean', describe: 'Cleans.', builder: { all: { type: 'boolean' } }, handler: () => {} })
       .demandCommand(1)
       .parse()`,
    'command: get|clean!, retries: number = 3, url: string, out: string, all: boolean',
    { command: 'get', url: 'u', retries: 5 },
    'get u --retries 5',
  ],
  [
    'a default command',
    `require('yargs').command('$0 <file> [more..]', 'Reads.', (y) => { y.positional('file', { describe: 'f' }) }, () => {}).argv`,
    'file: string!, more: string[]',
    { file: 'a', more: ['b', 'c'] },
    'a b c',
  ],
  [
    'options as one object, demandOption, words',
    `const argv = require('yargs').options({ size: { type: 'number' }, color: { type: 'boolean', default: true } }).demandOption(['size']).argv
     const target = argv._[0]
     if (!target) process.exit(1)`,
    'size: number!, color: boolean = true, target: string!',
    { size: 1, color: false, target: 't' },
    't --size 1 --no-color',
  ],
]

const minimist: readonly Case[] = [
  [
    'declared and undeclared flags',
    `const argv = require('minimist')(process.argv.slice(2), {
       string: ['name'], boolean: ['force'], alias: { n: 'name', f: 'force' }, default: { name: 'world' },
     })
     const port = argv.port || 3000
     const [file] = argv._
     if (!file) { console.log('no file'); process.exit(1) }`,
    'name: string = "world", force: boolean, port: number = 3000, file: string!',
    { file: 'a', force: true, port: 1 },
    '--force=true --port 1 a',
  ],
  [
    'an undeclared switch',
    `import minimist from 'minimist'
     const args = minimist(process.argv.slice(2))
     const debug = args.debug || false
     const out = args.out ?? 'x'
     const src = args._[0]`,
    'debug: boolean = false, out: string = "x", src: string!',
    { src: 's', debug: true },
    's --debug',
  ],
]

const stdin: readonly Case[] = [
  [
    'a file descriptor',
    `const input = JSON.parse(require('fs').readFileSync(0, 'utf8'))
     const { text, upper = false } = input
     const times = Number(input.times ?? 1)
     console.log(text.trim())`,
    'text: string!, upper: boolean = false, times: number = 1',
    { text: 'a' },
    '< {"text":"a"}',
  ],
  [
    'chunks',
    `let data = ''
     process.stdin.setEncoding('utf8')
     process.stdin.on('data', (chunk) => { data += chunk })
     process.stdin.on('end', () => {
       const { operation, a, b } = JSON.parse(data || '{}')
       if (typeof a !== 'number' || typeof b !== 'number') throw new Error('numbers')
       switch (operation) { case 'add': return console.log(a + b); case 'sub': return console.log(a - b); default: throw new Error('operation') }
     })`,
    'operation: add|sub!, a: number!, b: number!',
    { operation: 'add', a: 1, b: 2 },
    '< {"operation":"add","a":1,"b":2}',
  ],
  [
    'async iteration',
    `async function readStdin() {
       const chunks = []
       for await (const chunk of process.stdin) chunks.push(chunk)
       return Buffer.concat(chunks).toString('utf8')
     }
     async function main() {
       const args = JSON.parse(await readStdin())
       if (!args.url) { console.error('url is needed'); process.exit(1) }
       const method = args.method || 'GET'
       for (const header of args.headers) console.log(header)
       await fetch(args.url, { method, body: args.body ? JSON.stringify(args.body) : undefined })
     }
     main()`,
    'url: any!, method: string = "GET", headers: []!, body: any',
    { url: 'u', headers: [] },
    '< {"url":"u","headers":[]}',
  ],
  [
    'text',
    `const text = require('fs').readFileSync('/dev/stdin', 'utf8')
     console.log(text.length)`,
    'stdin: string',
    { stdin: 'abc' },
    '< abc',
  ],
  [
    'flags and text',
    `const upper = process.argv.includes('--upper')
     const text = require('fs').readFileSync(0, 'utf8')`,
    'upper: boolean, stdin: string',
    { upper: true, stdin: 'abc' },
    '--upper < abc',
  ],
  [
    'a text of stream consumers',
    `import { text } from 'node:stream/consumers'
     const { prompt, temperature = 0.7 } = JSON.parse(await text(process.stdin))`,
    'prompt: any!, temperature: number = 0.7',
    { prompt: 'p', temperature: 1 },
    '< {"prompt":"p","temperature":1}',
  ],
]

describe.each([
  ['commander', commander],
  ['parse-args', parseArgs],
  ['yargs', yargs],
  ['minimist', minimist],
  ['stdin', stdin],
] as const)('%s', (kind, cases) => {
  test.each(cases)('%s', async (_, code, schema, args, expected) => {
    const inferred = await infer('run.js', code)
    expect(outline(inferred.inputSchema)).toBe(schema)
    expect(line(inferred, args)).toBe(expected)
    if (kind !== 'stdin') expect(inferred.kind).toBe(kind)
    expect(inferred.diagnostics).toEqual([])
  })
})
