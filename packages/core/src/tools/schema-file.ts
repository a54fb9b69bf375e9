import { lstatSync } from 'node:fs'
import path from 'node:path'
import { quote } from '../errors.js'
import { isRecord } from '../schema/plain-keywords.js'
import { readInside } from '../skill/safe-file.js'
import type { Diagnostic } from '../skill/skill-info.js'

/** Where a project, or a skill, corrects what tools take; relative to its directory. */
export const SCHEMA_FILE = '.skilllite/schema.json'

const MAX_BYTES = 4 * 1024 * 1024

/** One tool's correction. What is left out stays as it was. */
export interface SchemaEntry {
  /** The name of the skill; a skill's own file need not say it. */
  readonly skill?: string
  readonly script: string
  readonly description?: string
  readonly inputSchema?: Readonly<Record<string, unknown>>
  readonly argvPlan?: Readonly<Record<string, unknown>>
}

export interface SchemaFile {
  /** Absolute. */
  readonly file: string
  readonly text: string
  readonly entries: readonly SchemaEntry[]
}

/** A file of corrections as found, and what is wrong with it. */
export interface SchemaFileReading {
  readonly schemaFile?: SchemaFile
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * Reads the file of corrections below a directory; nothing where there is none. It is a list in the form that
 * `skilllite tools --format json` prints. Never throws for what is in it.
 *
 * @param directory A real path, which links may not leave
 */
export function readSchemaFile(directory: string): SchemaFileReading {
  const file = path.join(directory, SCHEMA_FILE)
  const diagnostics: Diagnostic[] = []
  const report = (problem: string): void => {
    diagnostics.push({
      code: 'schema-file-invalid',
      severity: 'warning',
      message: `The corrections in ${file} are not all used: ${problem}`,
      hint: 'Give a list in the form that "skilllite tools --format json" prints.',
      path: file,
    })
  }
  try {
    // Hardly any skill has one, and an error costs more than a look.
    if (lstatSync(file, { throwIfNoEntry: false }) === undefined) return { diagnostics }
    const text = readInside(directory, file, MAX_BYTES)
      .toString('utf8')
      .replace(/^\ufeff/, '')
    const data: unknown = JSON.parse(text)
    if (!Array.isArray(data)) {
      report(`expected a list, got ${quote(data)}`)
      return { diagnostics }
    }
    const entries = data.flatMap((entry: unknown, index): SchemaEntry[] => {
      const problem = entryProblem(entry)
      if (problem !== undefined) report(`entry ${index + 1} ${problem}`)
      return problem === undefined ? [entry as SchemaEntry] : []
    })
    return { schemaFile: { file, text, entries }, diagnostics }
  } catch (error) {
    report(error instanceof Error ? error.message : String(error))
    return { diagnostics }
  }
}

function entryProblem(entry: unknown): string | undefined {
  if (!isRecord(entry)) return 'is no object'
  if (typeof entry.script !== 'string') return 'has no "script"'
  for (const key of ['skill', 'description']) {
    if (entry[key] !== undefined && typeof entry[key] !== 'string')
      return `has a ${quote(key)} that is no text`
  }
  for (const key of ['inputSchema', 'argvPlan']) {
    if (entry[key] !== undefined && !isRecord(entry[key])) return `has an ${quote(key)} that is no object`
  }
  return undefined
}
