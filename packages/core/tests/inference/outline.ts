import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll } from 'vitest'
import { inferScript } from '../../src/schema/infer-script.js'
import type { InferredInterface } from '../../src/schema/inference.js'
import type { JsonSchema } from '../../src/schema/json-schema.js'
import { buildInvocation } from '../../src/tools/build-invocation.js'
import { removeTree } from './remove-tree.js'

/** A skill of these files, made for one test. */
export function skillOf(files: Readonly<Record<string, string>>, body = '') {
  const directory = mkdtempSync(join(tmpdir(), 'inference-'))
  made.push(directory)
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true })
    writeFileSync(join(directory, path), text)
  }
  return { name: 'sample', directory, file: join(directory, 'SKILL.md'), body }
}

const made: string[] = []
afterAll(() => made.forEach(removeTree))

/** What is inferred of one script, with other files of its skill. */
export function infer(
  path: string,
  text: string,
  {
    others = {},
    body = '',
  }: { readonly others?: Readonly<Record<string, string>>; readonly body?: string } = {},
): Promise<InferredInterface> {
  const language = path.endsWith('.sh') ? 'shell' : 'node'
  return inferScript(skillOf({ [path]: text, ...others }, body), { path, language })
}

/** A schema in one line: `input: string!, limit: integer = 5, mode: a|b, tags: string[]`. */
export function outline(schema: JsonSchema): string {
  const required = new Set(Array.isArray(schema.required) ? schema.required : [])
  const properties = Object.entries(schema.properties as Record<string, JsonSchema>)
  return properties
    .map(([name, property]) => `${name}: ${type(property)}${required.has(name) ? '!' : ''}`)
    .join(', ')
}

function type(property: JsonSchema): string {
  const assumed = property.default === undefined ? '' : ` = ${JSON.stringify(property.default)}`
  const { items } = property as { readonly items?: JsonSchema }
  if (property.type === 'array') return `${items === undefined ? '' : type(items)}[]${assumed}`
  const values = Array.isArray(property.enum)
    ? property.enum.join('|')
    : [property.type ?? 'any'].flat().join('/')
  return values + assumed
}

/** The command line, or the reason why there is none. */
export function line({ argvPlan }: InferredInterface, args: Readonly<Record<string, unknown>>): string {
  try {
    const { argv, stdin } = buildInvocation(argvPlan, args)
    return [
      ...argv.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : JSON.stringify(word))),
      ...(stdin === '' ? [] : [`< ${stdin.trim()}`]),
    ].join(' ')
  } catch (error) {
    return (error as Error).message
  }
}
