import { describe, expect, test } from 'vitest'
import { infer, line, outline } from './outline.js'

const fenced = (code: string): string => `# Sample\n\n\`\`\`bash\n${code}\n\`\`\`\n`

describe('examples in SKILL.md', () => {
  test('name what the code only takes by its place', async () => {
    const body = fenced('node scripts/run.js <query> "$LIMIT"')
    const inferred = await infer('scripts/run.js', 'search(process.argv[2], process.argv[3])', { body })
    expect(outline(inferred.inputSchema)).toBe('query: string!, limit: string!')
  })

  test('show what a script takes whose code does not', async () => {
    const body = fenced('bash run.sh --format json input.csv\nbash run.sh --format csv --all data.csv')
    const inferred = await infer('run.sh', 'exec /opt/tool', { body })
    expect(outline(inferred.inputSchema)).toBe('format: string, all: string, arg1: string')
    expect(inferred.kind).toBe('example')
  })

  test('show the members of the JSON on stdin', async () => {
    const body = fenced(`echo '{"text": "a", "count": 2, "tags": ["x"]}' | node run.js`)
    const code = `handle(JSON.parse(require('fs').readFileSync(0, 'utf8')))`
    const inferred = await infer('run.js', code, { body })
    expect(outline(inferred.inputSchema)).toBe('text: string, count: number, tags: []')
    expect(line(inferred, { text: 'b' })).toBe('< {"text":"b"}')
    expect(inferred.evidence[0]).toMatchObject({ property: 'text', kind: 'example', file: 'SKILL.md' })
  })
})

describe('what a script says of itself', () => {
  test('a usage line in a string names places and makes them optional', async () => {
    const code = `
      const [a, b, c] = process.argv.slice(2)
      if (!a) { console.log('Usage: node run.js <source> <target> [mode]\\n\\n  source   what to read'); process.exit(1) }
      copy(a, b, c)`
    const inferred = await infer('run.js', code)
    expect(outline(inferred.inputSchema)).toBe('source: string!, target: string!, mode: string')
    expect(inferred.inputSchema.properties).toMatchObject({ source: { description: 'what to read' } })
  })

  test('a usage line alone', async () => {
    const inferred = await infer('run.sh', '# Usage: run.sh [--fast] <name>\nsource ./lib.sh\nrun_all')
    expect(outline(inferred.inputSchema)).toBe('fast: boolean, name: string!')
    expect(inferred.kind).toBe('usage')
  })

  test.each([
    [
      'run.js',
      '#!/usr/bin/env node\n/**\n * run.js - Counts the words\n * of a file.\n *\n * Usage: run.js <file>\n */\n',
    ],
    ['run.sh', '#!/bin/sh\n# Counts the words\n# of a file.\n\n# More.\n'],
    ['run.sh', '#!/bin/sh\nset -e\n# run.sh: Counts the words of a file.\n'],
  ])('the description of %s', async (path, text) => {
    expect((await infer(path, text)).description).toBe('Counts the words of a file.')
  })

  test('needs of the environment', async () => {
    const js = `const { API_KEY, REGION: region = 'eu' } = process.env
      const token = process.env.TOKEN ?? process.env['OTHER_TOKEN']
      process.env.SET_BY_US = 'x'
      console.log(process.env.HOME)`
    expect((await infer('run.js', js)).needs).toEqual(['API_KEY', 'REGION', 'TOKEN', 'OTHER_TOKEN'])
    const shell = `: "\${API_KEY:?}"\nOUT_DIR=x\nHOST="\${HOST:-localhost}"\ncurl "$HOST/$OUT_DIR/$TOKEN" -o "$HOME/x"`
    expect((await infer('run.sh', shell)).needs).toEqual(['API_KEY', 'HOST', 'TOKEN'])
  })

  test('modules of the skill are followed, and name the file they are in', async () => {
    const inferred = await infer('run.mjs', "import { options } from './lib/options.js'\nrun(options())", {
      others: {
        'lib/options.js':
          "export function options() { const i = process.argv.indexOf('--size'); return { size: i < 0 ? 5 : Number(process.argv[i + 1]) } }",
      },
    })
    expect(outline(inferred.inputSchema)).toBe('size: number = 5')
    expect(inferred.evidence).toEqual([{ property: 'size', kind: 'argv', file: 'lib/options.js', line: 1 }])
  })
})
