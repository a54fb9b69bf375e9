import { SkillLiteError } from './errors.js'
import type { PolicyOptions } from './policy/policy-options.js'
import type { SandboxLevel, SandboxPolicy } from './policy/sandbox-policy.js'
import type { ExecOptions, RunOptions } from './sandbox/run-options.js'
import type { CompletedRun, RunResult } from './sandbox/run-result.js'
import type { Diagnostic, SkillInfo } from './skill/skill-info.js'
import type { ToolDefinition } from './tools/tool-definition.js'

/** What {@link SkillManager.load} is given. Policy options here hold for every run that does not set its own. */
export interface LoadOptions extends Omit<PolicyOptions, 'level'> {
  /** Skill directories, or directories that hold skill directories.
   *  @default none */
  readonly skillsDir?: string | readonly string[]
  /** Also looks at the project's and the user's skill directories.
   *  @default true where no `skillsDir` is given, else false */
  readonly discover?: boolean
  /** @default DEFAULT_SANDBOX_LEVEL */
  readonly sandboxLevel?: SandboxLevel
  /** Runs at the same time; others wait their turn.
   *  @default twice the number of cores */
  readonly concurrency?: number
}

/** Discovers, describes and runs skills. Made by {@link SkillManager.load}. */
export class SkillManager {
  private constructor(
    readonly skills: readonly SkillInfo[],
    readonly diagnostics: readonly Diagnostic[],
    private readonly definitions: readonly ToolDefinition[],
  ) {}

  /** Reads all skills. One bad skill never throws: see {@link SkillManager.diagnostics}. */
  static async load(_options: LoadOptions = {}): Promise<SkillManager> {
    return new SkillManager([], [], [])
  }

  /** One definition per runnable script. */
  tools(): readonly ToolDefinition[] {
    return this.definitions
  }

  /** The tool of that name; or of the skill of that name, where it has exactly one. Throws `TOOL_UNKNOWN`. */
  tool(name: string, _script?: string): ToolDefinition {
    throw new SkillLiteError('TOOL_UNKNOWN', name)
  }

  /** The skill of that name. Throws `SKILL_NOT_FOUND`. */
  skill(name: string): SkillInfo {
    throw new SkillLiteError('SKILL_NOT_FOUND', name)
  }

  /** The complete policy that a run with these options would get. */
  policy(_skill: string | SkillInfo, _options: PolicyOptions = {}): SandboxPolicy {
    throw new SkillLiteError('SKILL_NOT_FOUND', '')
  }

  /** Validates the arguments, builds the policy, runs the script. */
  async run(
    _target: string | SkillInfo | ToolDefinition,
    _args: Readonly<Record<string, unknown>> = {},
    _options: RunOptions = {},
  ): Promise<RunResult> {
    throw new SkillLiteError('SKILL_NOT_FOUND', '')
  }

  /** Runs a command of the caller's own inside the skill's sandbox; the program is granted. */
  async exec(
    _skill: string | SkillInfo,
    _command: readonly string[],
    _options: ExecOptions = {},
  ): Promise<CompletedRun> {
    throw new SkillLiteError('SKILL_NOT_FOUND', '')
  }
}
