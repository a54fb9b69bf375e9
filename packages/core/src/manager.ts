import { homedir } from 'node:os'
import path from 'node:path'
import { quote, SkillLiteError } from './errors.js'
import { buildPolicy } from './policy/build-policy.js'
import { isPlainText } from './policy/plain-text.js'
import type { PolicyOptions } from './policy/policy-options.js'
import type { SandboxLevel, SandboxPolicy } from './policy/sandbox-policy.js'
import { missingModuleHint } from './runtime/missing-module.js'
import { grantPrograms, mergePrograms } from './runtime/programs.js'
import { scriptRuntime } from './runtime/script-runtime.js'
import { utilitiesFor } from './runtime/shell-utilities.js'
import { approveRun } from './sandbox/approve-run.js'
import type { Backend } from './sandbox/backend.js'
import { runCommand } from './sandbox/run-command.js'
import type { ExecOptions, RunOptions } from './sandbox/run-options.js'
import { RunQueue, sharedQueue } from './sandbox/run-queue.js'
import type { CompletedRun, RefusedRun, RunResult } from './sandbox/run-result.js'
import { isIntact, type SkillSnapshot, takeSnapshot } from './sandbox/skill-snapshot.js'
import type { ApprovalMemory } from './scan/approval-memory.js'
import { discoverSkills, type ShadowedSkill } from './skill/discover.js'
import type { Diagnostic, SkillInfo } from './skill/skill-info.js'
import { buildInvocation } from './tools/build-invocation.js'
import { defineTools } from './tools/define-tools.js'
import { type Catalog, findSkill, findTool, onlyTool, scriptTool } from './tools/find-tool.js'
import type { ToolDefinition } from './tools/tool-definition.js'
import { validateArguments } from './tools/validate-arguments.js'

/** What {@link SkillManager.load} is given. Policy options here hold for every run that does not set its own. */
export interface LoadOptions extends Omit<PolicyOptions, 'level'> {
  /** Skill directories, or directories that hold skill directories.
   *  @default none */
  readonly skillsDir?: string | readonly string[]
  /** Also looks at the skill directories of the project at `cwd` and of the user.
   *  @default true where no `skillsDir` is given, else false */
  readonly discover?: boolean
  /** @default DEFAULT_SANDBOX_LEVEL */
  readonly sandboxLevel?: SandboxLevel
  /** Where approvals that are to be remembered are kept: `sessionApprovals()`, `approvalsFile(path)`, or the host's own.
   *  @default none: every run that needs approval asks */
  readonly approvals?: ApprovalMemory
  /** Runs at the same time; others wait their turn.
   *  @default twice the number of cores, for all managers of the process together */
  readonly concurrency?: number
  /** How the sandbox is enforced; where it is named, no other is tried.
   *  @default the strongest that works here */
  readonly backend?: Backend
}

/** Discovers, describes and runs skills. Made by {@link SkillManager.load}. */
export class SkillManager {
  readonly skills: readonly SkillInfo[]
  /** What is wrong or odd in the skills found, also in those that could not be loaded. */
  readonly diagnostics: readonly Diagnostic[]

  private constructor(
    private readonly catalog: Catalog,
    /** Skills that are not used because one found earlier has the same name. */
    readonly shadowed: readonly ShadowedSkill[],
    private readonly defaults: PolicyOptions,
    private readonly queue: RunQueue,
    private readonly backend: Backend | undefined,
    private readonly approvals: ApprovalMemory | undefined,
  ) {
    this.skills = catalog.skills
    this.diagnostics = catalog.diagnostics
  }

  /** Reads all skills. One bad skill never throws: see {@link SkillManager.diagnostics}. */
  static async load(options: LoadOptions = {}): Promise<SkillManager> {
    const { skillsDir, discover, sandboxLevel, concurrency, backend, approvals, ...policyOptions } = options
    const cwd = options.cwd ?? process.cwd()
    const paths = skillsDir === undefined ? [] : [skillsDir].flat()
    const found = discoverSkills({
      paths: paths.map((entry) => path.resolve(cwd, entry)),
      ...((discover ?? skillsDir === undefined) ? { projectDirectory: cwd, homeDirectory: homedir() } : {}),
    })
    const { tools, diagnostics } = await defineTools(found.skills)
    const catalog = { skills: found.skills, tools, diagnostics: [...found.diagnostics, ...diagnostics] }
    const defaults = sandboxLevel === undefined ? policyOptions : { ...policyOptions, level: sandboxLevel }
    return new SkillManager(catalog, found.shadowed, defaults, queueFor(concurrency), backend, approvals)
  }

  /** One definition for each runnable script. */
  tools(): readonly ToolDefinition[] {
    return this.catalog.tools
  }

  /**
   * The tool of that name, or the only tool of the skill of that name; with `script`, the tool of that script of the
   * skill. Throws `TOOL_UNKNOWN`, `SCRIPT_UNKNOWN` or `SKILL_NOT_FOUND`.
   */
  tool(name: string, script?: string): ToolDefinition {
    return script === undefined
      ? findTool(this.catalog, name)
      : scriptTool(this.catalog, this.skill(name), script)
  }

  /** The skill of that name, or that the tool of that name belongs to. Throws `SKILL_NOT_FOUND`. */
  skill(name: string): SkillInfo {
    return findSkill(this.catalog, name)
  }

  /** The complete policy that a run with these options would get. */
  policy(skill: string | SkillInfo, options: PolicyOptions = {}): SandboxPolicy {
    return buildPolicy(this.skillOf(skill), this.withDefaults(options))
  }

  /** Validates the arguments, scans and asks (level 3), builds the policy, runs the script. */
  async run(
    target: string | SkillInfo | ToolDefinition,
    args: Readonly<Record<string, unknown>> = {},
    options: RunOptions = {},
  ): Promise<RunResult> {
    const tool = this.toolOf(target, options.script)
    const skill = this.skillOf(tool.skill)
    const script = skill.scripts.find((entry) => entry.path === tool.script)
    if (script === undefined)
      throw new SkillLiteError('SCRIPT_MISSING', `${skill.name} has no ${quote(tool.script)}`)
    const valid = await validateArguments(tool, args)
    const policy = this.policy(skill, options)
    const snapshot = policy.level === 3 ? takeSnapshot(skill.directory) : undefined
    if (snapshot !== undefined) {
      const { directory } = skill
      const memory = options.approvals ?? this.approvals
      const asked = { snapshot, directory, script: script.path, args: valid, options, memory }
      const stopped = await approveRun(asked)
      if (stopped !== undefined) return stopped
    }
    const running = snapshot === undefined ? skill : withDirectory(skill, snapshot.directory)
    const { interpreter, command, programs } = await scriptRuntime(running, script)
    const { argv, stdin } = buildInvocation(tool.argvPlan, valid)
    return this.enqueue([...command, ...argv], options, async (full) => {
      if (snapshot !== undefined && hasChanged(skill, snapshot)) return changedMeanwhile(skill)
      return runCommand({
        policy: runningPolicy(policy, running.directory),
        skillName: skill.name,
        command: full,
        mounts: interpreter.mounts,
        programs,
        backend: options.backend ?? this.backend,
        streams: { ...options, stdin },
        explain: ({ end, stderr }) =>
          end.kind === 'exited' && end.code !== 0 ? missingModuleHint(skill, script, stderr) : undefined,
      })
    })
  }

  /**
   * Runs a command of the caller's own inside the skill's sandbox; its program is granted. A shell also gets the
   * harmless utilities that its arguments name.
   */
  async exec(
    skill: string | SkillInfo,
    command: readonly string[],
    options: ExecOptions = {},
  ): Promise<CompletedRun> {
    const { name } = this.skillOf(skill)
    const [program, ...args] = command
    if (program === undefined || !command.every((part) => typeof part === 'string' && isPlainText(part))) {
      throw new SkillLiteError(
        'OPTION_INVALID',
        `The command ${quote(command)} cannot be run`,
        'Give a program and its arguments.',
      )
    }
    const policy = this.policy(skill, options)
    const granted = await grantPrograms([program])
    const utilities = /(^|\/)(ba|da)?sh$/.test(program) ? [utilitiesFor(args.join(' '))] : []
    const programs = mergePrograms([granted, ...utilities])
    return this.enqueue([granted.exec[0] ?? program, ...args], options, (full) =>
      runCommand({
        policy,
        skillName: name,
        command: full,
        mounts: [],
        programs,
        backend: options.backend ?? this.backend,
        streams: { ...options, stdin: options.stdin ?? '' },
      }),
    )
  }

  private enqueue<Result extends RunResult>(
    command: readonly string[],
    { signal, onProgress }: ExecOptions,
    start: (command: readonly string[]) => Promise<Result>,
  ): Promise<Result> {
    const { ahead } = this.queue
    if (ahead > 0) onProgress?.({ kind: 'run-queued', ahead })
    return this.queue.run(signal, () => {
      onProgress?.({ kind: 'run-started', program: command })
      return start(command)
    })
  }

  private toolOf(target: string | SkillInfo | ToolDefinition, script: string | undefined): ToolDefinition {
    if (typeof target === 'string') return this.tool(target, script)
    if ('argvPlan' in target) return scriptTool(this.catalog, this.skillOf(target.skill), target.script)
    const skill = this.skillOf(target)
    return script === undefined ? onlyTool(this.catalog, skill) : scriptTool(this.catalog, skill, script)
  }

  private skillOf(skill: string | SkillInfo): SkillInfo {
    return typeof skill === 'string' ? this.skill(skill) : skill
  }

  /** A run's options before those of `load`; single limits mix. */
  private withDefaults(options: PolicyOptions): PolicyOptions {
    const given = Object.entries(options).filter(([, value]) => value !== undefined)
    return {
      ...this.defaults,
      ...Object.fromEntries(given),
      limits: { ...this.defaults.limits, ...options.limits },
    }
  }
}

/** The same skill where its private copy lies; what it looks up late is looked up only when asked for. */
function withDirectory(skill: SkillInfo, directory: string): SkillInfo {
  return Object.create(skill, { directory: { value: directory, enumerable: true } })
}

/** The policy of a run out of a skill's private copy. */
function runningPolicy(policy: SandboxPolicy, directory: string): SandboxPolicy {
  if (directory === policy.skillDirectory) return policy
  return { ...policy, skillDirectory: directory, originalDirectory: policy.skillDirectory }
}

/** Whether the skill, or its private copy, is not what was scanned any more. */
function hasChanged(skill: SkillInfo, snapshot: SkillSnapshot): boolean {
  return !isIntact(snapshot) || !isIntact({ directory: skill.directory, digest: snapshot.digest })
}

function changedMeanwhile({ name }: SkillInfo): RefusedRun {
  return {
    status: 'refused',
    reason: `${name} changed after it was scanned; run it again`,
  }
}

function queueFor(concurrency: unknown): RunQueue {
  if (concurrency === undefined) return sharedQueue()
  if (typeof concurrency === 'number' && Number.isInteger(concurrency) && concurrency >= 1) {
    return new RunQueue(concurrency)
  }
  throw new SkillLiteError(
    'OPTION_INVALID',
    `concurrency must be a whole number from 1, got ${quote(concurrency)}`,
    'Leave it out for twice the number of cores.',
  )
}
