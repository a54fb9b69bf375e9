import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { inferScript } from '../../src/schema/infer-script.js'
import type { InferredInterface } from '../../src/schema/inference.js'

/** Infers what a script takes, given as text; further files of its skill may follow. */
export async function inferText(
  code: string,
  files: Readonly<Record<string, string>> = {},
  script: { readonly path: string; readonly language: 'python' | 'node' | 'shell' } = {
    path: 'main.py',
    language: 'python',
  },
  body = '',
): Promise<InferredInterface> {
  const directory = realpathSync(mkdtempSync(path.join(tmpdir(), 'schema-')))
  try {
    for (const [name, text] of Object.entries({ [script.path]: code, ...files })) {
      mkdirSync(path.dirname(path.join(directory, name)), { recursive: true })
      writeFileSync(path.join(directory, name), text)
    }
    return await inferScript(
      { name: 'skill', directory, file: path.join(directory, 'SKILL.md'), body },
      script,
    )
  } finally {
    rmSync(directory, { recursive: true })
  }
}

/** A schema in one line for each property: `limit: integer = 10`, `format!: string(json|csv)`, `files!: string[1..]`. */
export function compact({ inputSchema }: Pick<InferredInterface, 'inputSchema'>): string[] {
  const required = new Set((inputSchema.required as string[] | undefined) ?? [])
  return Object.entries(inputSchema.properties as Record<string, Record<string, unknown>>).map(
    ([name, property]) => {
      const fallback = property.default === undefined ? '' : ` = ${JSON.stringify(property.default)}`
      return `${name}${required.has(name) ? '!' : ''}: ${typeText(property)}${fallback}`
    },
  )
}

function typeText(property: Record<string, unknown>): string {
  if (property.type === 'array') {
    const { minItems, maxItems } = property
    const bounds =
      minItems === undefined && maxItems === undefined ? '' : `${minItems ?? 0}..${maxItems ?? ''}`
    return `${typeText((property.items as Record<string, unknown> | undefined) ?? {})}[${bounds}]`
  }
  const choices = Array.isArray(property.enum) ? `(${property.enum.join('|')})` : ''
  return `${String(property.type ?? 'any')}${choices}`
}
