import { rmSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import matter from 'gray-matter'
import { toPrompt, validate } from 'skills-ref'
import { describe, expect, test } from 'vitest'
import { parseDocument } from 'yaml'
import { availableSkillsBlock } from './catalog.js'
import { temporaryDirectory, temporarySkill, writeFiles } from './fixtures/temporary.js'
import { parseFrontMatter } from './front-matter.js'
import { loadSkill } from './load.js'
import { validateSkill } from './validate.js'

// Two other readers as oracles. `skills-ref` on npm is a port of the Python reference library; where the two differ, we
// follow the original. Every accepted difference stands here, with its reason.

interface Difference {
  readonly reason: string
  readonly name?: string
  readonly text: string
  readonly ours: string[]
  readonly port: string[]
}

const letters = 'Only letters, digits, and hyphens are allowed.'
const invalid = 'Invalid YAML in frontmatter: …'
const front = (yaml: string) => `---\n${yaml}\n---\nbody\n`

const differences: readonly Difference[] = [
  {
    reason: 'the port closes the front matter at any ---, also within a line; a fence is a line of its own',
    text: front('name: my-skill\ndescription: one --- two\nlicense: MIT\nunknown: x'),
    ours: [
      'Unexpected fields in frontmatter: unknown. Only allowed-tools, compatibility, description, license, metadata, name are allowed.',
    ],
    port: [],
  },
  {
    reason:
      'the port accepts text after the opening fence, which other readers take for the name of an engine',
    text: '---name: my-skill\ndescription: d\n---\n',
    ours: ['SKILL.md must start with YAML frontmatter (---)'],
    port: [],
  },
  {
    reason: 'strictyaml, which the original uses, allows no flow style',
    text: front('name: my-skill\ndescription: d\nmetadata: {a: b}'),
    ours: [invalid],
    port: [],
  },
  {
    reason: 'strictyaml allows no anchors; an alias is a bomb in the making',
    text: front('name: my-skill\ndescription: &d text\nlicense: *d'),
    ours: [invalid],
    port: [],
  },
  {
    reason: 'strictyaml allows no tags',
    text: front('name: my-skill\ndescription: !!str d'),
    ours: [invalid],
    port: [],
  },
  {
    reason: 'an empty value is null to the port, which then checks the text "null"',
    name: 'null',
    text: front('name:\ndescription:'),
    ours: ["Field 'name' must be a non-empty string", "Field 'description' must be a non-empty string"],
    port: [],
  },
  {
    reason: 'the port resolves types, so that a version is no string; strictyaml keeps text',
    text: front('name: my-skill\ndescription: d\ncompatibility: 3.11'),
    ours: [],
    port: ["Field 'compatibility' must be a string"],
  },
  {
    reason: 'the port turns a mapping into "[object Object]" before it checks',
    text: front('name: my-skill\ndescription:\n  a: b'),
    ours: ["Field 'description' must be a non-empty string"],
    port: [],
  },
  {
    reason: 'empty front matter is an empty text to strictyaml, hence no mapping',
    text: '---\n---\n',
    ours: ['SKILL.md frontmatter must be a YAML mapping'],
    port: [
      'Missing required field in frontmatter: name',
      'Missing required field in frontmatter: description',
    ],
  },
  {
    reason: 'the port catches its own error about a list, and calls it invalid YAML',
    text: front('- a\n- b'),
    ours: ['SKILL.md frontmatter must be a YAML mapping'],
    port: [invalid],
  },
  {
    reason: 'the port knows only some alphabets; the original asks Unicode',
    name: 'ελληνικά',
    text: front('name: ελληνικά\ndescription: d'),
    ours: [],
    port: [`Skill name 'ελληνικά' contains invalid characters. ${letters}`],
  },
  {
    reason: 'the port counts code units; the original counts characters',
    text: front(`name: my-skill\ndescription: ${'😀'.repeat(600)}`),
    ours: [],
    port: ['Description exceeds 1024 character limit (1200 chars)'],
  },
  {
    reason:
      'a combining mark that composes with nothing is no letter; the port lets a whole block of them pass',
    name: 'x\u0301',
    text: front('name: x\u0301\ndescription: d'),
    ours: [`Skill name 'x\u0301' contains invalid characters. ${letters}`],
    port: [],
  },
  {
    reason: 'text that is not UTF-8 is an error to the original too, if a less kind one',
    text: Buffer.from([
      ...Buffer.from('---\nname: my-skill\ndescription: '),
      0xff,
      ...Buffer.from('\n---\n'),
    ]).toString('latin1'),
    ours: ['SKILL.md is not valid UTF-8'],
    port: [],
  },
]

/** What follows is each library's own wording. */
const comparable = (errors: readonly string[]) =>
  errors.map((error) => error.replace(/^Invalid YAML in frontmatter: [\s\S]*/, invalid))

describe('validateSkill() and the npm port of the reference library', () => {
  test.each(differences)('differ: $reason', async ({ name = 'my-skill', text, ours, port }) => {
    const directory = temporarySkill(name, text.includes('\u00ff') ? Buffer.from(text, 'latin1') : text)
    expect(comparable(validateSkill(directory))).toEqual(ours)
    expect(comparable(await validate(directory))).toEqual(port)
  })

  test.each([
    ['a valid skill', front('name: my-skill\ndescription: d')],
    ['CRLF', front('name: my-skill\ndescription: d').replaceAll('\n', '\r\n')],
    ['a byte order mark', `\ufeff${front('name: my-skill\ndescription: d')}`],
    ['an engine', '---js\n{name: "my-skill", description: "d"}\n---\n'],
    ['no closing fence', '---\nname: my-skill\n'],
    ['an unquoted colon', front('name: my-skill\ndescription: Use when: asked')],
    ['duplicate keys', front('name: my-skill\nname: my-skill\ndescription: d')],
    ['__proto__', front('name: my-skill\ndescription: d\nmetadata:\n  __proto__: x')],
    ['a control character', front('name: my-skill\ndescription: a\u0007b')],
    ['block scalars', front('name: my-skill\ndescription: >\n  folded\n  text\nlicense: |\n  a\n\n  b')],
    ['comments', front('# a comment\nname: my-skill # one more\ndescription: d')],
    ['an empty file', ''],
    ['quoted values', front(`name: "my-skill"\ndescription: 'it''s: "quoted"'`)],
    ['a name with space around it', front('name: " my-skill "\ndescription: d')],
  ])('agree on %s', async (what, text) => {
    const directory = temporarySkill('my-skill', text)
    const [ours, port] = [comparable(validateSkill(directory)), comparable(await validate(directory))]
    // The same verdict; the port finds the fault of an engine one step later.
    if (what === 'an engine') expect([ours.length, port.length]).toEqual([1, 1])
    else expect(ours).toEqual(port)
  })

  test('agree on generated front matter', async () => {
    const name = fc.oneof(
      fc.constantFrom(
        'my-skill',
        'My-Skill',
        '-a',
        'a-',
        'a--b',
        'a_b',
        'навык',
        'НАВЫК',
        '技能',
        'caf\u00e9',
        'a b',
        'ａ',
      ),
      fc
        .stringMatching(/^[a-zA-Z0-9_-]{1,80}$/)
        .filter((text) => !/^[-0-9.eE+_]*$|^(?:true|false|null)$/i.test(text) && !text.includes('---')),
    )
    const words = fc
      .stringMatching(/^[a-z][a-z <>&"',.]{0,40}[a-z]$/)
      .filter((text) => !/^(?:null|true|false)$/.test(text))
    const long = fc.integer({ min: 490, max: 1_030 }).map((length) => 'x'.repeat(length))
    const line = fc.oneof(
      fc
        .tuple(
          fc.constantFrom('license', 'compatibility', 'allowed-tools', 'author', 'version-note'),
          fc.oneof(words, long),
        )
        .map(([key, text]) => `${key}: ${text}`),
      words.map((text) => `metadata:\n  author: ${text}`),
    )
    const document = fc.record({
      name: fc.option(name, { freq: 8 }),
      description: fc.option(fc.oneof(words, long, fc.constant('a: b'), fc.constant('""')), { freq: 8 }),
      lines: fc.uniqueArray(line, { maxLength: 3, selector: (text) => text.split(':')[0] }),
      sameDirectory: fc.boolean(),
      newline: fc.constantFrom('\n', '\r\n'),
    })
    const parent = temporaryDirectory()
    await fc.assert(
      fc.asyncProperty(document, async ({ name, description, lines, sameDirectory, newline }) => {
        const yaml = [
          ...(name === null ? [] : [`name: ${/^-|^[0-9]/.test(name) ? JSON.stringify(name) : name}`]),
          ...(description === null ? [] : [`description: ${description}`]),
          ...lines,
        ]
        const directory = join(parent, sameDirectory && name ? name : 'some-skill')
        writeFiles(directory, {
          'SKILL.md': ['---', ...yaml, '---', 'body'].join('\n').replaceAll('\n', newline),
        })
        const expected =
          yaml.length === 0 ? ['SKILL.md frontmatter must be a YAML mapping'] : await validate(directory)
        expect(comparable(validateSkill(directory))).toEqual(comparable(expected))
        rmSync(directory, { recursive: true })
      }),
      { numRuns: 300 },
    )
  })

  test('print the same catalog, but for the apostrophe and markup in paths', async () => {
    const directories = ['a-skill', 'b-skill'].map((name) =>
      temporarySkill(name, front(`name: ${name}\ndescription: Does <b>this</b> & "that", isn't it`)),
    )
    const skills = directories.flatMap((directory) => loadSkill(directory, 'host').skill ?? [])
    const port = await toPrompt(directories)
    expect(availableSkillsBlock(skills).text).toBe(port.replaceAll('&#39;', '&#x27;'))
  })
})

describe('parseFrontMatter() and gray-matter', () => {
  const refuse = (): never => {
    throw new Error('engines are off')
  }
  const grayMatter = (text: string) =>
    matter(text, {
      engines: {
        js: refuse,
        javascript: refuse,
        yaml: (yaml) => {
          const document = parseDocument(yaml, { schema: 'failsafe', uniqueKeys: true, logLevel: 'error' })
          if (document.errors.length + document.warnings.length > 0) throw new Error('invalid')
          return document.toJS({ maxAliasCount: 0 })
        },
      },
    })

  test('agree on data and body of what we accept', () => {
    const line = fc.constantFrom(
      'name: a',
      'description: b c',
      'license: "x: y"',
      'metadata:',
      '  a: 1.0',
      '  b: true',
      'other: |',
      '  text',
      '',
      '# note',
      '-',
      'x',
    )
    const text = fc
      .tuple(
        fc.array(line, { maxLength: 7 }),
        fc.array(fc.constantFrom('text', '', '---', '# h', ' --- '), { maxLength: 4 }),
      )
      .map(([yaml, body]) => ['---', ...yaml, '---', ...body].join('\n'))
    let accepted = 0
    fc.assert(
      fc.property(text, (source) => {
        let ours: ReturnType<typeof parseFrontMatter>
        try {
          ours = parseFrontMatter(source)
        } catch {
          return
        }
        accepted++
        const theirs = grayMatter(source)
        expect(JSON.parse(JSON.stringify(ours.data))).toEqual(JSON.parse(JSON.stringify(theirs.data)))
        expect(ours.body).toBe(theirs.content.trim())
      }),
      { numRuns: 1_500 },
    )
    expect(accepted).toBeGreaterThan(100)
  })

  test('differ on a fence with a language: one runs engines, the other reads nothing', () => {
    const text = '---js\n(globalThis.ran = true, {})\n---\n'
    expect(() => grayMatter(text)).toThrow('engines are off')
    expect(() => parseFrontMatter(text)).toThrow('must start with YAML frontmatter')
    expect('ran' in globalThis).toBe(false)
  })
})
