import { setImmediate } from 'node:timers/promises'
import type { InferredInterface } from '../schema/inference.js'
import type { Diagnostic, SkillInfo } from '../skill/skill-info.js'
import type { CorrectedInterface } from './apply-correction.js'
import { CodeReader } from './code-reader.js'
import { composeDescription } from './compose-description.js'
import { declaredInterface } from './declared-interface.js'
import type { InterfaceCache } from './interface-cache.js'
import { type ReadScript, readInterfaces, toolScripts } from './read-interfaces.js'
import { readSchemaFile, type SchemaFile } from './schema-file.js'
import type { ToolDefinition } from './tool-definition.js'
import { nameTools } from './tool-names.js'

/** Longest that the host's other work waits while code is read. */
const MAX_BLOCKED_MS = 50
/** Skills under way for each thread, so that none waits for this one. */
const LANES = 3

export interface DefineOptions {
  readonly cache?: InterfaceCache | undefined
  /** The host's corrections; they stand before those of a skill's own. */
  readonly corrections?: SchemaFile | undefined
  /** Called after each skill. */
  readonly onSkill?: ((done: number, total: number) => void) | undefined
}

/** Where a tool's schema comes from, and what its script needs besides arguments. */
export interface ToolOrigin extends Pick<InferredInterface, 'kind' | 'needs'> {
  /** File and line of each property; looked up when asked for. */
  readonly evidence: () => Promise<InferredInterface['evidence']>
}

export interface DefinedTools {
  readonly tools: readonly ToolDefinition[]
  readonly diagnostics: readonly Diagnostic[]
  /** By the name of the tool. */
  readonly origins: ReadonlyMap<string, ToolOrigin>
}

/** A definition for each runnable script of each skill. A skill with an unusable schema gets a diagnostic instead. */
export async function defineTools(
  skills: readonly SkillInfo[],
  options: DefineOptions = {},
): Promise<DefinedTools> {
  const results = await defineSkills(skills, options)
  const offered = results.flatMap((result) => result.offered)
  const diagnostics = results.flatMap((result) => result.diagnostics)
  const names = nameTools(
    offered.map(({ skill, script, only }) => ({ skill: skill.name, script: script.path, only })),
  )
  const origins = new Map<string, ToolOrigin>()
  const tools = offered.map(({ skill, script, description, evidence, only }, index): ToolDefinition => {
    const name = names[index] ?? skill.name
    const { path, taken } = script
    origins.set(name, {
      kind: taken.kind,
      needs: taken.needs,
      evidence: evidence ?? (async () => taken.evidence),
    })
    const { inputSchema, argvPlan, description: about } = taken
    return {
      name,
      description:
        description ??
        composeDescription({ skill: skill.description, script: only ? undefined : path, about }),
      skill: skill.name,
      script: path,
      inputSchema,
      argvPlan,
    }
  })
  return { tools, diagnostics, origins }
}

/** One skill after the other, or several at once where their code is read by threads. */
async function defineSkills(
  skills: readonly SkillInfo[],
  options: DefineOptions,
): Promise<readonly SkillResult[]> {
  const results: SkillResult[] = []
  const reader = new CodeReader()
  let [next, done, since] = [0, 0, performance.now()]
  const lane = async (): Promise<void> => {
    for (let index = next++; index < skills.length; index = next++) {
      const skill = skills[index]
      if (skill !== undefined) results[index] = await defineSkill(skill, reader, options)
      options.onSkill?.(++done, skills.length)
      const threads = await reader.spread(skills.length - next)
      for (let more = LANES * threads; more > 0; more--) start()
      if (performance.now() - since < MAX_BLOCKED_MS) continue
      await setImmediate()
      since = performance.now()
    }
  }
  const lanes: Promise<void>[] = []
  const start = (): void => {
    const running = lane()
    // Awaited below, in their order; one that fails before its turn is no unhandled rejection.
    running.catch(() => {})
    lanes.push(running)
  }
  start()
  try {
    for (const running of lanes) await running
  } finally {
    next = skills.length
    await Promise.allSettled(lanes)
    await reader.close()
  }
  return results
}

interface SkillResult {
  readonly offered: readonly Offered[]
  readonly diagnostics: readonly Diagnostic[]
}

interface Offered extends Partial<Pick<CorrectedInterface, 'description' | 'evidence'>> {
  readonly skill: SkillInfo
  readonly script: ReadScript
  readonly only: boolean
}

async function defineSkill(
  skill: SkillInfo,
  reader: CodeReader,
  { cache, corrections }: DefineOptions,
): Promise<SkillResult> {
  const { schemaFile, diagnostics: problems } = readSchemaFile(skill.directory)
  const diagnostics = [...problems]
  const sources = [corrections, schemaFile].filter((source) => source !== undefined)
  const { scripts, problem } = await readScripts(
    skill,
    () => readInterfaces(skill, cache, reader),
    cache,
    diagnostics,
  )
  const offered: Offered[] = []
  for (const script of scripts) {
    const corrected = await correct(skill, script, sources, diagnostics)
    if (problem !== undefined && corrected === undefined) continue
    const taken = corrected?.taken ?? script.taken
    diagnostics.push(...taken.diagnostics)
    const evidence = corrected?.evidence ?? script.evidence
    offered.push({
      skill,
      script: { path: script.path, taken },
      only: scripts.length === 1,
      ...(corrected?.description === undefined ? {} : { description: corrected.description }),
      ...(evidence === undefined ? {} : { evidence }),
    })
  }
  if (problem !== undefined && offered.length === 0) diagnostics.push(problem)
  return { offered, diagnostics }
}

/** The scripts of a skill with what they take, or why what the skill declares cannot be used. */
async function readScripts(
  skill: SkillInfo,
  read: () => Promise<readonly ReadScript[]>,
  cache: InterfaceCache | undefined,
  diagnostics: Diagnostic[],
): Promise<{ scripts: readonly ReadScript[]; problem?: Diagnostic }> {
  if (skill.runtime.inputSchema === undefined) return { scripts: await read() }
  const own = toolScripts(skill)
  const [only] = own
  if (only === undefined) return { scripts: [] }
  if (own.length > 1) {
    diagnostics.push(ambiguousSchema(skill))
    return { scripts: await read() }
  }
  const infer = async () => (await read())[0]?.taken
  const { taken, problem } = await declaredInterface(skill, only.path, infer, cache)
  const scripts = [{ path: only.path, taken, evidence: () => declaredEvidence(skill, taken) }]
  return problem === undefined ? { scripts } : { scripts, problem }
}

/** What the first of the files that speaks of a script makes of it; nothing where none does, or none that can be used. */
async function correct(
  skill: SkillInfo,
  script: ReadScript,
  sources: readonly SchemaFile[],
  diagnostics: Diagnostic[],
): Promise<CorrectedInterface | undefined> {
  for (const source of sources) {
    const own = source.file.startsWith(`${skill.directory}/`)
    const entry = source.entries.find(
      (candidate) =>
        candidate.script === script.path && (candidate.skill ?? (own ? skill.name : '')) === skill.name,
    )
    if (entry === undefined) continue
    const { applyCorrection } = await import('./apply-correction.js')
    const { corrected, problem } = await applyCorrection(skill, script.taken, entry, source)
    if (problem === undefined) return corrected
    diagnostics.push(problem)
  }
  return undefined
}

async function declaredEvidence(skill: SkillInfo, { inputSchema }: InferredInterface) {
  const { findEvidence } = await import('./find-evidence.js')
  return findEvidence(skill, inputSchema)
}

function ambiguousSchema(skill: SkillInfo): Diagnostic {
  return {
    code: 'input-schema-ambiguous',
    severity: 'warning',
    message: `${skill.name} declares one input_schema but has several scripts, so it is not used`,
    hint: 'Name the script that it belongs to with entry_point, or describe each in .skilllite/schema.json.',
    path: skill.file,
  }
}
