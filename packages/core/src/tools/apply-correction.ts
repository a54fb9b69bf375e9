import path from 'node:path'
import { quote } from '../errors.js'
import { settleProblems } from '../schema/argument-problem.js'
import { compileSchema } from '../schema/compile-schema.js'
import type { InferredInterface } from '../schema/inference.js'
import { cutText } from '../skill/catalog.js'
import type { Diagnostic, SkillInfo } from '../skill/skill-info.js'
import { ARGV_PLAN_SCHEMA } from './argv-plan-schema.js'
import { MAX_DESCRIPTION } from './compose-description.js'
import { describeProblem } from './describe-problem.js'
import { lineIndex, propertyLines } from './find-evidence.js'
import { forgetPrototypes } from './forget-prototypes.js'
import { unplacedNames } from './plan-names.js'
import type { SchemaEntry, SchemaFile } from './schema-file.js'
import type { ArgvPlan, JsonSchema } from './tool-definition.js'

const noPlan: ArgvPlan = { kind: 'raw' }

/** What a tool takes once a file of corrections had its say. */
export interface CorrectedInterface {
  readonly taken: InferredInterface
  /** Stands in the place of everything that is known of the skill and the script. */
  readonly description?: string
  /** Where the schema was corrected: the places in that file. */
  readonly evidence?: () => Promise<InferredInterface['evidence']>
}

/** Applies an entry to what is known of a script. An entry that does not fit is left out as a whole, and said so. */
export async function applyCorrection(
  skill: SkillInfo,
  taken: InferredInterface,
  entry: SchemaEntry,
  source: SchemaFile,
): Promise<{ readonly corrected: CorrectedInterface; readonly problem?: Diagnostic }> {
  const inputSchema: JsonSchema =
    entry.inputSchema === undefined ? taken.inputSchema : { type: 'object', ...entry.inputSchema }
  const argvPlan = (entry.argvPlan as ArgvPlan | undefined) ?? taken.argvPlan
  const problem = await problemOf(entry, inputSchema, argvPlan)
  if (problem !== undefined)
    return { corrected: { taken }, problem: diagnostic(skill, entry, source, problem) }
  const description =
    entry.description === undefined ? {} : { description: cutText(entry.description, MAX_DESCRIPTION) }
  if (entry.inputSchema === undefined && entry.argvPlan === undefined) {
    return { corrected: { taken, ...description } }
  }
  // Only what the file brought: the rest is not ours to change.
  forgetPrototypes({ inputSchema: entry.inputSchema ?? {}, argvPlan: entry.argvPlan ? argvPlan : noPlan })
  return {
    corrected: {
      taken: { ...taken, inputSchema, argvPlan, kind: 'declared' },
      ...description,
      evidence: async () => evidenceIn(skill, entry, source, inputSchema),
    },
  }
}

async function problemOf(
  entry: SchemaEntry,
  schema: JsonSchema,
  plan: ArgvPlan,
): Promise<string | undefined> {
  const compiled = await compileSchema(schema)
  if (compiled.kind === 'invalid') return `its inputSchema cannot be used: it ${compiled.problem}`
  if (entry.argvPlan !== undefined) {
    const form = await compileSchema(ARGV_PLAN_SCHEMA)
    const [problem] = form.kind === 'ok' ? settleProblems(form.check(structuredClone(entry.argvPlan))) : []
    if (problem !== undefined) {
      return `its argvPlan cannot be used: ${describeProblem(problem, entry.argvPlan, ARGV_PLAN_SCHEMA)}`
    }
  }
  const unplaced = unplacedNames(schema, plan)
  if (unplaced.length === 0) return undefined
  const names = unplaced
    .slice(0, 5)
    .map((name) => quote(name))
    .join(', ')
  return `its inputSchema names ${names}, for which the argvPlan has no place`
}

function diagnostic(skill: SkillInfo, entry: SchemaEntry, source: SchemaFile, problem: string): Diagnostic {
  return {
    code: 'schema-file-entry-invalid',
    severity: 'warning',
    message: `The correction of ${skill.name}, ${entry.script} in ${source.file} is not used: ${problem}`,
    hint: 'Begin with what "skilllite tools --format json" prints, and change that.',
    path: source.file,
    line: entryLine(entry, source) + 1,
  }
}

function evidenceIn(
  skill: SkillInfo,
  entry: SchemaEntry,
  source: SchemaFile,
  schema: JsonSchema,
): InferredInterface['evidence'] {
  const file = path.relative(skill.directory, source.file)
  return propertyLines(source.text, entryLine(entry, source), Object.keys(schema.properties ?? {})).map(
    (place) => ({ ...place, kind: 'declared', file }),
  )
}

/** Where the entry names its script, counted from 0. */
function entryLine({ skill, script }: SchemaEntry, { text }: SchemaFile): number {
  const literal = (value: string) => JSON.stringify(value).replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  const named = `"script"\\s*:\\s*${literal(script)}`
  const both = skill === undefined ? named : `"skill"\\s*:\\s*${literal(skill)}\\s*,\\s*${named}`
  return Math.max(0, lineIndex(text, new RegExp(both)))
}
