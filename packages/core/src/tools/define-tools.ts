import type { InferredInterface } from '../schema/inference.js'
import { readInputSchema } from '../schema/input-schema.js'
import type { Diagnostic, SkillInfo, SkillScript } from '../skill/skill-info.js'
import type { ToolDefinition } from './tool-definition.js'
import { nameTools } from './tool-names.js'

const MAX_DESCRIPTION = 1_024

export interface DefinedTools {
  readonly tools: readonly ToolDefinition[]
  readonly diagnostics: readonly Diagnostic[]
}

/** A definition for each runnable script of each skill. A skill with an unusable schema gets a diagnostic instead. */
export async function defineTools(skills: readonly SkillInfo[]): Promise<DefinedTools> {
  const diagnostics: Diagnostic[] = []
  const offered: {
    skill: SkillInfo
    script: SkillScript
    taken: TakenArguments
    only: boolean
  }[] = []
  for (const skill of skills) {
    const scripts = toolScripts(skill)
    if (scripts.length === 0) continue
    const only = scripts.length === 1
    const { schema, problem } = only ? await readInputSchema(skill) : ambiguousSchema(skill)
    if (problem !== undefined) diagnostics.push(problem)
    if (problem?.severity === 'error') continue
    for (const script of scripts) {
      const taken = schema === undefined ? await inferred(skill, script) : declared(schema)
      diagnostics.push(...taken.diagnostics)
      offered.push({ skill, script, taken, only })
    }
  }
  const names = nameTools(
    offered.map(({ skill, script, only }) => ({ skill: skill.name, script: script.path, only })),
  )
  const tools = offered.map(({ skill, script, taken, only }, index) => ({
    name: names[index] ?? skill.name,
    description: composeDescription(skill.description, only ? undefined : script.path),
    inputSchema: taken.inputSchema,
    skill: skill.name,
    script: script.path,
    argvPlan: taken.argvPlan,
  }))
  return { tools, diagnostics }
}

/** The declared entry point alone, where there is one; else every script that can run by itself. */
export function toolScripts(skill: SkillInfo): readonly SkillScript[] {
  const entryPoint = skill.runtime.entryPoint?.replace(/^(\.\/)+/, '')
  const declared = skill.scripts.filter((script) => script.path === entryPoint)
  return declared.length > 0 ? declared : skill.scripts.filter((script) => script.runnable)
}

/** What a script takes, and how it is given that. */
type TakenArguments = Pick<InferredInterface, 'inputSchema' | 'argvPlan' | 'diagnostics'>

const declared = (inputSchema: ToolDefinition['inputSchema']): TakenArguments => ({
  inputSchema,
  argvPlan: { kind: 'stdin-json' },
  diagnostics: [],
})

/** Reads the script's code; the parsers for that are loaded only now. */
async function inferred(skill: SkillInfo, script: SkillScript): Promise<TakenArguments> {
  const { inferScript } = await import('../schema/infer-script.js')
  return inferScript(skill, script)
}

function ambiguousSchema(skill: SkillInfo): { schema?: ToolDefinition['inputSchema']; problem?: Diagnostic } {
  if (skill.runtime.inputSchema === undefined) return {}
  return {
    problem: {
      code: 'input-schema-ambiguous',
      severity: 'warning',
      message: `${skill.name} declares one input_schema but has several scripts, so it is not used`,
      hint: 'Name the script that it belongs to with entry_point.',
      path: skill.file,
    },
  }
}

/** The skill's description, with the script where there are several; the script survives a cut. */
function composeDescription(description: string, script: string | undefined): string {
  const suffix = script === undefined ? '' : ` (runs ${script})`
  const room = MAX_DESCRIPTION - [...suffix].length
  const characters = [...description]
  if (room < 100) return cut(characters, MAX_DESCRIPTION)
  return cut(characters, room) + suffix
}

function cut(characters: readonly string[], max: number): string {
  return characters.length <= max ? characters.join('') : `${characters.slice(0, max - 1).join('')}…`
}
