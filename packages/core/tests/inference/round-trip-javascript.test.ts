import { createRequire } from 'node:module'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { inferScript } from '../../src/schema/infer-script.js'
import type { JsonSchema } from '../../src/schema/json-schema.js'
import { buildInvocation } from '../../src/tools/build-invocation.js'
import { integer, number, optionName, plainText, text } from './arbitrary-values.js'
import { skillOf } from './outline.js'

const require = createRequire(import.meta.url)

type Kind = 'string' | 'integer' | 'number' | 'boolean' | 'strings' | 'choice'
interface Option {
  readonly name: string
  readonly kind: Kind
  readonly assumed: boolean
}
interface Script {
  readonly options: readonly Option[]
  readonly places: number
}

const scripts = (kinds: readonly Kind[], places: number) =>
  fc.record({
    options: fc.uniqueArray(
      fc.record({ name: optionName, kind: fc.constantFrom(...kinds), assumed: fc.boolean() }),
      { maxLength: 5, selector: ({ name }) => name },
    ),
    places: fc.integer({ min: 0, max: places }),
  })

const DEFAULTS = {
  string: 'x y',
  integer: 7,
  number: 0.5,
  boolean: false,
  strings: ['p', 'q'],
  choice: 'one',
} as const

/** A style: how it spells a script, and what the script sees. The code ends by returning its values by name. */
interface Style {
  readonly kinds: readonly Kind[]
  readonly places: number
  readonly source: (script: Script) => string
  readonly property?: (name: string) => string
}

const camel = (name: string): string => name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())
const quoted = (value: unknown): string => JSON.stringify(value)

const styles: Readonly<Record<string, Style>> = {
  commander: {
    kinds: ['string', 'integer', 'number', 'boolean', 'strings', 'choice'],
    places: 2,
    property: camel,
    source: ({ options, places }) => `
      const { Command, Option } = require('commander')
      const program = new Command()
      program.exitOverride().configureOutput({ writeErr: () => {}, writeOut: () => {} })
      ${options
        .map(({ name, kind, assumed }) => {
          const value = assumed && kind !== 'boolean' ? `, ${quoted(DEFAULTS[kind])}` : ''
          if (kind === 'boolean') return `program.option('--${name}', 'd')`
          if (kind === 'integer')
            return `program.option('--${name} <n>', 'd', (v) => parseInt(v, 10)${value})`
          if (kind === 'number') return `program.option('--${name} <n>', 'd', parseFloat${value})`
          if (kind === 'strings') return `program.option('--${name} <s...>', 'd'${value})`
          if (kind === 'choice')
            return `program.addOption(new Option('--${name} <s>').choices(['one', 'two'])${assumed ? ".default('one')" : ''})`
          return `program.option('--${name} <s>', 'd'${value})`
        })
        .join('\n')}
      ${Array.from({ length: places }, (_, index) => `program.argument('<place${index}>')`).join('\n')}
      program.parse(process.argv)
      return { ...program.opts(), ...Object.fromEntries(program.args.map((word, index) => ['place' + index, word])) }`,
  },
  'util.parseArgs': {
    kinds: ['string', 'integer', 'boolean', 'strings'],
    places: 2,
    source: ({ options, places }) => `
      const { parseArgs } = require('node:util')
      const { values, positionals } = parseArgs({
        args: process.argv.slice(2),
        allowPositionals: true,
        options: {
          ${options
            .map(({ name, kind, assumed }) => {
              const value = !assumed || kind === 'integer' ? '' : `, default: ${quoted(DEFAULTS[kind])}`
              return `${quoted(name)}: { type: '${kind === 'boolean' ? 'boolean' : 'string'}'${kind === 'strings' ? ', multiple: true' : ''}${value} }`
            })
            .join(',\n')}
        },
      })
      const result = { ...values }
      ${options.map(({ name, kind }) => (kind === 'integer' ? `if (values[${quoted(name)}] !== undefined) result[${quoted(name)}] = parseInt(values[${quoted(name)}], 10)` : '')).join('\n')}
      ${Array.from({ length: places }, (_, index) => `const place${index} = positionals[${index}]; result.place${index} = place${index}`).join('\n')}
      return result`,
  },
  yargs: {
    kinds: ['string', 'number', 'boolean', 'strings', 'choice'],
    places: 2,
    source: ({ options, places }) => `
      const yargs = require('yargs/yargs')
      const values = yargs(process.argv.slice(2)).exitProcess(false).fail((message) => { throw new Error(message) })
        .command('${['$0', ...Array.from({ length: places }, (_, index) => `<place${index}>`)].join(' ')}', 'd', (y) => {
          ${Array.from({ length: places }, (_, index) => `y.positional('place${index}', { type: 'string' })`).join('\n')}
          ${options
            .map(({ name, kind, assumed }) => {
              const rules =
                kind === 'strings'
                  ? "type: 'array', string: true"
                  : kind === 'choice'
                    ? "choices: ['one', 'two']"
                    : `type: '${kind}'`
              return `y.option('${name}', { ${rules}${assumed ? `, default: ${quoted(DEFAULTS[kind])}` : ''} })`
            })
            .join('\n')}
        }, () => {})
        .parse()
      return values`,
  },
  minimist: {
    kinds: ['string', 'number', 'boolean'],
    places: 2,
    source: ({ options, places }) => `
      const argv = require('minimist')(process.argv.slice(2), {
        string: ${quoted([...options.filter(({ kind }) => kind === 'string').map(({ name }) => name), '_'])},
        boolean: ${quoted(options.filter(({ kind }) => kind === 'boolean').map(({ name }) => name))},
        default: { ${options
          .filter(({ assumed }) => assumed)
          .map(({ name, kind }) => `${quoted(name)}: ${quoted(DEFAULTS[kind])}`)
          .join(', ')} },
      })
      const result = { ...argv }
      ${options.map(({ name, kind }) => (kind === 'number' ? `if (argv[${quoted(name)}] !== undefined) result[${quoted(name)}] = Number(argv[${quoted(name)}])` : '')).join('\n')}
      ${Array.from({ length: places }, (_, index) => `const place${index} = argv._[${index}]; result.place${index} = place${index}`).join('\n')}
      return result`,
  },
  'indexOf and includes': {
    kinds: ['string', 'integer', 'boolean'],
    places: 2,
    property: (name) => name.replaceAll('-', '_'),
    source: ({ options, places }) => `
      const args = process.argv.slice(2)
      const result = {}
      const value = (flag) => { const at = args.indexOf(flag); return at === -1 ? undefined : args[at + 1] }
      ${options
        .map(({ name, kind, assumed }) => {
          const key = quoted(name.replaceAll('-', '_'))
          if (kind === 'boolean') return `result[${key}] = args.includes('--${name}')`
          const fallback = assumed ? ` ?? ${quoted(DEFAULTS[kind])}` : ''
          if (kind === 'integer')
            return `const v_${camel(name)} = value('--${name}')${fallback}; if (v_${camel(name)} !== undefined) result[${key}] = parseInt(v_${camel(name)}, 10)`
          return `result[${key}] = value('--${name}')${fallback}`
        })
        .join('\n')}
      ${Array.from({ length: places }, (_, index) => `const place${index} = args[${index}]; result.place${index} = place${index}`).join('\n')}
      return result`,
  },
  'a loop': {
    kinds: ['string', 'integer', 'boolean', 'strings'],
    places: 2,
    property: (name) => name.replaceAll('-', '_'),
    source: ({ options, places }) => `
      const args = process.argv.slice(2)
      const result = {}
      const words = []
      for (let i = 0; i < args.length; i++) {
        const arg = args[i]
        ${options
          .map(({ name, kind }) => {
            const key = `result.${name.replaceAll('-', '_')}`
            const taken =
              {
                boolean: `${key} = true`,
                integer: `${key} = parseInt(args[++i], 10)`,
                strings: `(${key} ??= []).push(args[++i])`,
              }[kind as string] ?? `${key} = args[++i]`
            return `if (arg === '--${name}') { ${taken}; continue }`
          })
          .join('\n')}
        if (arg.startsWith('-') && arg.length > 1) throw new Error('unknown ' + arg)
        ${places > 0 ? 'words.push(arg)' : ''}
      }
      ${Array.from({ length: places }, (_, index) => `const place${index} = words[${index}]; result.place${index} = place${index}`).join('\n')}
      return result`,
  },
}

function run(source: string, argv: readonly string[]): Record<string, unknown> {
  return new Function('require', 'process', source)(require, {
    argv: ['node', 'run.js', ...argv],
    exit: () => {
      throw new Error('exit')
    },
  })
}

const valueFor = (schema: JsonSchema, plain: boolean): fc.Arbitrary<unknown> => {
  if (Array.isArray(schema.enum)) return fc.constantFrom(...schema.enum)
  switch (schema.type) {
    case 'boolean':
      return fc.boolean()
    case 'integer':
      return plain ? fc.nat() : integer
    case 'number':
      return plain ? fc.nat() : number
    case 'array':
      return fc.array(plain ? plainText : text, { minLength: 1, maxLength: 3 })
    default:
      return plain ? plainText : text
  }
}

function argumentsFor(schema: JsonSchema, plain: boolean): fc.Arbitrary<Record<string, unknown>> {
  const properties = Object.entries(schema.properties as Record<string, JsonSchema>)
  const required = (schema.required ?? []) as string[]
  return fc.record(
    Object.fromEntries(properties.map(([name, property]) => [name, valueFor(property, plain)])),
    {
      requiredKeys: required,
    },
  ) as fc.Arbitrary<Record<string, unknown>>
}

describe.each(Object.entries(styles))('round trip: %s', (_, { kinds, places, source, property = String }) => {
  test.each([
    ['plain values always arrive', true],
    ['hostile values arrive, or are refused', false],
  ])('%s', async (_, plain) => {
    const skill = skillOf({})
    let arrived = 0
    const files: Record<string, string> = {}
    await fc.assert(
      fc.asyncProperty(scripts(kinds, places), fc.gen(), async (script, gen) => {
        const code = source(script)
        const own = skillOf({ 'run.js': `${code.replace(/^\s*return .*$/m, '')}`, ...files })
        const { inputSchema, argvPlan, diagnostics } = await inferScript(
          { ...skill, directory: own.directory },
          { path: 'run.js', language: 'node' },
        )
        expect(diagnostics).toEqual([])
        const names = [
          ...script.options.map(({ name }) => property(name)),
          ...Array.from({ length: script.places }, (_, index) => `place${index}`),
        ]
        if (names.length > 0)
          expect(Object.keys(inputSchema.properties as object).sort()).toEqual([...names].sort())
        else return
        for (let round = 0; round < 5; round++) {
          const args = gen(() => argumentsFor(inputSchema, plain))
          let argv: readonly string[]
          try {
            ;({ argv } = buildInvocation(argvPlan, args))
          } catch (error) {
            if (plain || (error as { code?: string }).code !== 'ARGUMENTS_INVALID') throw error
            continue
          }
          const seen = run(code, argv)
          for (const name of names) {
            const value = Object.hasOwn(args, name) ? args[name] : undefined
            if (value !== undefined)
              expect({ argv, [name]: seen[name] ?? (value === false ? false : undefined) }).toEqual({
                argv,
                [name]: value,
              })
          }
          arrived++
        }
      }),
      { numRuns: 60, endOnFailure: true },
    )
    expect(arrived).toBeGreaterThan(plain ? 150 : 40)
  })
})
