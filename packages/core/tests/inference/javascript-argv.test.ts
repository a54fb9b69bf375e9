import { describe, expect, test } from 'vitest'
import { infer, line, outline } from './outline.js'

type Case = readonly [
  title: string,
  code: string,
  schema: string,
  args: Record<string, unknown>,
  line: string,
]

const cases: readonly Case[] = [
  [
    'an index',
    `const file = process.argv[2]
     console.log(require('fs').readFileSync(file, 'utf8'))`,
    'file: string!',
    { file: '--x' },
    '--x',
  ],
  [
    'an index with a default and a conversion',
    `const name = process.argv[2] || 'world'
     const times = parseInt(process.argv[3] ?? '3', 10)`,
    'name: string = "world", times: integer = 3',
    { name: 'a', times: 5 },
    'a 5',
  ],
  [
    'a condition on the number of words',
    `const args = process.argv.slice(2)
     const input = args[0]
     const limit = args.length > 1 ? Number(args[1]) : 10`,
    'input: string!, limit: number = 10',
    { input: 'a', limit: 2.5 },
    'a 2.5',
  ],
  [
    'destructuring with holes and defaults',
    `const [, , source, target = 'out.txt', count = 1] = process.argv`,
    'source: string!, target: string = "out.txt", count: number = 1',
    { source: 's', count: 2, target: 'out.txt' },
    's out.txt 2',
  ],
  [
    'destructuring with a rest',
    `const [command, ...files] = process.argv.slice(2)
     if (!command) { console.error('Usage: x <command> [files...]'); process.exit(1) }
     for (const file of files) console.log(file)`,
    'command: string!, files: string[]',
    { command: 'c', files: ['a', '-b'] },
    'c a -b',
  ],
  [
    'a guard on the number of words',
    `if (process.argv.length < 4) { console.error('usage'); process.exit(2) }
     const [src, dest, mode] = process.argv.slice(2)
     if (mode) console.log(mode)`,
    'src: string!, dest: string!, mode: string',
    { src: 'a', dest: 'b' },
    'a b',
  ],
  [
    'a guard that throws, and choices',
    `const operation = process.argv[2]
     if (!['add', 'sub'].includes(operation)) throw new Error('bad operation')
     const a = parseFloat(process.argv[3])
     const b = parseFloat(process.argv[4])`,
    'operation: add|sub!, a: number!, b: number!',
    { operation: 'add', a: -1, b: 2.5 },
    'add -1 2.5',
  ],
  [
    'a switch whose default ends',
    `const [action, value] = process.argv.slice(2)
     switch (action) {
       case 'encode': console.log(encodeURIComponent(value)); break
       case 'decode': console.log(decodeURIComponent(value)); break
       default: console.error('unknown'); process.exit(1)
     }`,
    'action: encode|decode!, value: string!',
    { action: 'encode', value: 'a b' },
    'encode "a b"',
  ],
  [
    'a table of operations',
    `const OPS = { add: (a, b) => a + b, mul: (a, b) => a * b }
     const [op, x, y] = process.argv.slice(2)
     if (!OPS[op]) { console.error('unknown op'); process.exit(1) }
     console.log(OPS[op](Number(x), Number(y)))`,
    'op: add|mul!, x: number!, y: number!',
    { op: 'mul', x: 2, y: 3 },
    'mul 2 3',
  ],
  [
    'words through a function',
    `function main(args) { const [url, out] = args; download(url, out || 'page.html') }
     main(process.argv.slice(2))`,
    'url: string!, out: string = "page.html"',
    { url: 'u', out: 'page.html' },
    'u',
  ],
  [
    'single words through an async function',
    `async function convert(input, format = 'png') { await render(input, format) }
     convert(process.argv[2], process.argv[3]).catch((error) => { console.error(error); process.exit(1) })`,
    'input: string!, format: string = "png"',
    { input: 'a' },
    'a',
  ],
  [
    'commands by hand, each with words of its own',
    `const [, , command, ...args] = process.argv
     switch (command) {
       case 'add': {
         const title = args[0]
         if (!title) { console.error('usage'); process.exit(1) }
         add(title, args[1] || 'medium')
         break
       }
       case 'done': finish(parseInt(args[0], 10)); break
       case 'list': list(); break
       default: console.error('unknown'); process.exit(1)
     }`,
    'command: add|done|list!, title: string, arg3: string = "medium", arg2: integer',
    { command: 'done', arg2: 3 },
    'done 3',
  ],
  [
    'commands in a chain of ifs, with the rest of the words',
    `const args = process.argv.slice(2)
     if (args[0] === 'search') { const query = args.slice(1).join(' '); search(query) }
     else if (args[0] === 'get') { const [, id] = args; get(id) }
     else { console.log('usage'); process.exit(1) }`,
    'arg1: search|get!, query: string[], id: string',
    { arg1: 'search', query: ['a', 'b'] },
    'search a b',
  ],
  [
    'all words joined',
    `const text = process.argv.slice(2).join(' ')
     console.log(text.toUpperCase())`,
    'text: string[]',
    { text: ['a', 'b c'] },
    'a "b c"',
  ],
  [
    'all words, one at least',
    `const files = process.argv.slice(2)
     if (files.length === 0) { console.error('no files'); process.exit(1) }
     files.forEach((file) => check(file))`,
    'files: string[]!',
    { files: ['a'] },
    'a',
  ],
  [
    'JSON in a word',
    `const options = JSON.parse(process.argv[2])
     console.log(options.title)`,
    'options: object!',
    { options: { title: 'a' } },
    '"{\\"title\\":\\"a\\"}"',
  ],
  [
    'JSON in an optional word',
    `const raw = process.argv[2]
     const data = raw ? JSON.parse(raw) : {}
     console.log(data.x)`,
    'data: object',
    { data: { x: 1 } },
    '"{\\"x\\":1}"',
  ],
  [
    'indexOf',
    `const args = process.argv.slice(2)
     const i = args.indexOf('--out')
     const out = i !== -1 ? args[i + 1] : 'dist'
     const input = args[0]`,
    'out: string = "dist", input: string!',
    { out: 'x', input: 'a' },
    'a --out x',
  ],
  [
    'includes',
    `const args = process.argv.slice(2)
     const verbose = args.includes('--verbose') || args.includes('-v')
     const dryRun = process.argv.includes('--dry-run')
     const file = args.find((arg) => !arg.startsWith('-'))
     if (!file) { console.error('no file'); process.exit(1) }`,
    'verbose: boolean, dry_run: boolean, file: string!',
    { file: 'a', dry_run: true },
    'a --dry-run',
  ],
  [
    'a helper that looks for a flag',
    `const args = process.argv.slice(2)
     function getArg(name, fallback) {
       const index = args.indexOf('--' + name)
       if (index === -1 || index + 1 >= args.length) return fallback
       return args[index + 1]
     }
     const width = Number(getArg('width', 800))
     const title = getArg('title')
     if (!title) { console.error('--title is needed'); process.exit(1) }`,
    'width: number = 800, title: string!',
    { width: 100, title: 'T' },
    '--width 100 --title T',
  ],
  [
    'a helper with a template and a ternary',
    `const flag = (name) => { const i = process.argv.indexOf(\`--\${name}\`); return i > -1 ? process.argv[i + 1] : undefined }
     const has = (name) => process.argv.includes(\`--\${name}\`)
     const query = flag('query') ?? 'all'
     const max = parseInt(flag('max') || '20')
     if (has('json')) console.log('{}')`,
    'query: string = "all", max: integer = 20, json: boolean',
    { max: 5, json: true },
    '--max 5 --json',
  ],
  [
    'find with a joined flag',
    `const port = process.argv.find((a) => a.startsWith('--port='))?.split('=')[1] || '8080'
     const host = (process.argv.find(a => a.startsWith('--host=')) || '--host=localhost').slice('--host='.length)`,
    'port: string = "8080", host: string',
    { port: '1', host: 'h' },
    '--port=1 --host=h',
  ],
  [
    'a loop with else-if',
    `const options = { limit: 10, verbose: false }
     const args = process.argv.slice(2)
     for (let i = 0; i < args.length; i++) {
       if (args[i] === '--limit' || args[i] === '-l') options.limit = parseInt(args[++i], 10)
       else if (args[i] === '--verbose') options.verbose = true
       else if (args[i] === '--help') { console.log('help'); process.exit(0) }
       else if (!options.file) options.file = args[i]
     }
     if (!options.file) { console.error('no file'); process.exit(1) }`,
    'limit: integer = 10, verbose: boolean = false, file: string!',
    { limit: 3, verbose: true, file: 'f' },
    'f --limit 3 --verbose',
  ],
  [
    'a loop with switch',
    `let output = 'out.json', pretty = false
     const inputs = []
     const argv = process.argv.slice(2)
     for (let i = 0; i < argv.length; i++) {
       const arg = argv[i]
       switch (arg) {
         case '-o':
         case '--output':
           output = argv[++i]
           break
         case '--pretty':
           pretty = true
           break
         default:
           if (arg.startsWith('-')) { console.error('unknown ' + arg); process.exit(2) }
           inputs.push(arg)
       }
     }`,
    'output: string = "out.json", pretty: boolean = false, inputs: string[]',
    { output: 'x', inputs: ['a', 'b'] },
    'a b --output x',
  ],
  [
    'a while loop that shifts',
    `const argv = process.argv.slice(2)
     const opts = { tags: [] }
     while (argv.length > 0) {
       const arg = argv.shift()
       if (arg === '--tag') opts.tags.push(argv.shift())
       else if (arg === '--name') opts.name = argv.shift()
       else if (arg.startsWith('--level=')) opts.level = Number(arg.slice(8))
     }`,
    'tag: string[], name: string, level: number',
    { tag: ['a', 'b'], level: 2 },
    '--tag a --tag b --level=2',
  ],
  [
    'a function that parses flags',
    `function parseArgs(argv) {
       const result = { format: 'text', _: [] }
       for (let i = 0; i < argv.length; i++) {
         const a = argv[i]
         if (a === '--format') { result.format = argv[i + 1]; i++ }
         else if (a.startsWith('--format=')) { result.format = a.split('=')[1] }
         else result._.push(a)
       }
       return result
     }
     const parsed = parseArgs(process.argv.slice(2))
     const [source] = parsed._
     if (!source) throw new Error('no source')`,
    'format: string = "text", source: string!',
    { format: '-x', source: 's' },
    's --format=-x',
  ],
  [
    'any flag into an object',
    `const args = {}
     process.argv.slice(2).forEach((arg) => {
       if (arg.startsWith('--')) { const [key, value] = arg.slice(2).split('='); args[key] = value }
     })
     const name = args.name || 'world'
     const count = Number(args.count || 1)`,
    'name: string = "world", count: number = 1',
    { name: 'a', count: 2 },
    '--name=a --count=2',
  ],
  [
    'any flag and the next word into an object',
    `function parse(argv) {
       const out = {}
       for (let i = 0; i < argv.length; i += 1) {
         if (argv[i].startsWith('--')) {
           const key = argv[i].slice(2)
           const next = argv[i + 1]
           if (next && !next.startsWith('--')) { out[key] = next; i += 1 } else out[key] = true
         }
       }
       return out
     }
     const { input, quality = '80' } = parse(process.argv.slice(2))
     if (!input) { console.error('--input is needed'); process.exit(1) }`,
    'input: string!, quality: string = "80"',
    { input: 'a', quality: '90' },
    '--input a --quality 90',
  ],
  [
    'reduce',
    `const opts = process.argv.slice(2).reduce((all, arg) => {
       const [key, value] = arg.replace(/^--/, '').split('=')
       all[key] = value ?? true
       return all
     }, {})
     console.log(opts.theme, opts.size)`,
    'theme: string, size: string',
    { theme: 'dark' },
    '--theme=dark',
  ],
  [
    'a set of words',
    `const flags = new Set(process.argv.slice(2))
     if (flags.has('--watch')) watch()
     const minify = flags.has('--minify')`,
    'watch: boolean, minify: boolean',
    { minify: true },
    '--minify',
  ],
  [
    'flags that stand for a value',
    `let mode = 'fast'
     for (const arg of process.argv.slice(2)) {
       if (arg === '--slow') mode = 'slow'
       if (arg === '--no-color') color = false
     }`,
    'mode: string = "fast", color: boolean',
    { mode: 'slow' },
    '--slow',
  ],
  [
    'Deno',
    `const [path, depth = '2'] = Deno.args
     walk(path, parseInt(depth))`,
    'path: string!, depth: integer = 2',
    { path: 'a', depth: 3 },
    'a 3',
  ],
  ['Bun', `const target = Bun.argv[2] ?? 'world'`, 'target: string = "world"', { target: 'a' }, 'a'],
  [
    'TypeScript',
    `interface Options { depth: number }
     const args: string[] = process.argv.slice(2)
     const root = args[0] as string
     const options: Options = { depth: parseInt(args[1]!) || 3 }
     export {}`,
    'root: string!, depth: integer = 3',
    { root: 'r' },
    'r',
  ],
  [
    'a class',
    `class Tool {
       constructor(argv) { this.argv = argv }
       run() { const file = this.argv[0]; if (!file) { this.usage() } return file }
       usage() { console.log('usage'); process.exit(1) }
     }
     new Tool(process.argv.slice(2)).run()`,
    'file: string!',
    { file: 'a' },
    'a',
  ],
  [
    'a shorthand that ends the program',
    `const usage = () => { console.error('usage'); process.exit(1) }
     const from = process.argv[2] || usage()
     const to = process.argv[3]
     if (to === undefined) usage()`,
    'from: string!, to: string!',
    { from: 'a', to: 'b' },
    'a b',
  ],
]

describe('process.argv', () => {
  test.each(cases)('%s', async (_, code, schema, args, expected) => {
    const inferred = await infer(code.includes('interface ') ? 'run.ts' : 'run.js', code)
    expect(outline(inferred.inputSchema)).toBe(schema)
    expect(line(inferred, args)).toBe(expected)
    expect(inferred.kind).toBe('argv')
    expect(inferred.diagnostics).toEqual([])
  })
})
