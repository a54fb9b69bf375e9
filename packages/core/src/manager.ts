import { quote, SkillLiteError } from './errors.js'
import { type CatalogOptions, type LoadedCatalog, loadCatalog } from './load-catalog.js'
import { buildPolicy } from './policy/build-policy.js'
import { isPlainText } from './policy/plain-text.js'
import { DEFAULT_SANDBOX_LEVEL, type PolicyOptions } from './policy/policy-options.js'
import type { SandboxLevel, SandboxPolicy } from './policy/sandbox-policy.js'
import { missingModuleHint } from './runtime/missing-module.js'
import { grantPrograms, mergePrograms } from './runtime/programs.js'
import { scriptRuntime } from './runtime/script-runtime.js'
import { utilitiesFor } from './runtime/shell-utilities.js'
import { answeredRun } from './sandbox/answered-run.js'
import { approveRun } from './sandbox/approve-run.js'
import type { Backend } from './sandbox/backend.js'
import { runCommand } from './sandbox/run-command.js'
import type { CommandOptions, ExecOptions, RunOptions } from './sandbox/run-options.js'
import { RunQueue, sharedQueue } from './sandbox/run-queue.js'
import type { CompletedRun, RefusedRun, RunResult } from './sandbox/run-result.js'
import { isIntact, type SkillSnapshot, takeSnapshot } from './sandbox/skill-snapshot.js'
import type { ApprovalMemory } from './scan/approval-memory.js'
import type { ShadowedSkill } from './skill/discover.js'
import type { Diagnostic, SkillInfo } from './skill/skill-info.js'
import type { ToolOrigin } from './tools/define-tools.js'
import { findSkill, findTool, onlyTool, scriptTool } from './tools/find-tool.js'
import { invocationOf } from './tools/invocation.js'
import { findOwnTool, type OfferedTool, type OwnTool, type OwnToolGrants } from './tools/own-tools.js'
import { parseArguments } from './tools/parse-arguments.js'
import { planCommand } from './tools/plan-command.js'
import { selectSkills, selectTools, type ToolsOptions } from './tools/select-tools.js'
import type { ToolDefinition } from './tools/tool-definition.js'
import { validateArguments } from './tools/validate-arguments.js'
import { openWorkspace, type WorkspaceOption } from './tools/workspace/open-workspace.js'

/** What {@link SkillManager.load} is given. Policy options here hold for every run that does not set its own. */
export interface LoadOptions extends CatalogOptions, Omit<PolicyOptions, 'level'> {
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
  /** Programs that command lines of a model may start (`run_command`, {@link SkillManager.command}), by name on `PATH` or
   *  by path. Scripts of skills are not granted them.
   *  @default none: every command is refused */
  readonly programs?: readonly string[]
  /** A directory in which a model may read and write files by the tools of `tools({ workspace: true })`.
   *  @default none */
  readonly workspace?: WorkspaceOption
}

/** Discovers, describes and runs skills. Made by {@link SkillManager.load}. */
export class SkillManager {
  readonly skills: readonly SkillInfo[]
  /** Skills that are not used because one found earlier has the same name. */
  readonly shadowed: readonly ShadowedSkill[]

  private constructor(
    private readonly catalog: LoadedCatalog,
    private readonly defaults: PolicyOptions,
    private readonly queue: RunQueue,
    private readonly backend: Backend | undefined,
    private readonly approvals: ApprovalMemory | undefined,
    private readonly grants: OwnToolGrants,
  ) {
    this.skills = catalog.skills
    this.shadowed = catalog.shadowed
  }

  /** What is wrong or odd in the skills found, also in those that could not be loaded. */
  get diagnostics(): readonly Diagnostic[] {
    return this.catalog.diagnostics
  }

  /** Reads all skills. One bad skill never throws: see {@link SkillManager.diagnostics}. */
  static async load(options: LoadOptions = {}): Promise<SkillManager> {
    const { skillsDir, discover, toolsOf, corrections, onLoadProgress, ...others } = options
    const {
      sandboxLevel,
      concurrency,
      backend,
      approvals,
      programs = [],
      workspace,
      ...policyOptions
    } = others
    const catalog = await loadCatalog(options, options.cwd ?? process.cwd())
    const defaults = sandboxLevel === undefined ? policyOptions : { ...policyOptions, level: sandboxLevel }
    return new SkillManager(catalog, defaults, queueFor(concurrency), backend, approvals, {
      programs,
      workspace: workspace === undefined ? undefined : openWorkspace(workspace, options.cwd),
    })
  }

  /** One definition for each runnable script, or those that the options choose. */
  tools(
    options?: ToolsOptions & {
      readonly activation?: false
      readonly commands?: false
      readonly workspace?: false
    },
  ): readonly ToolDefinition[]
  tools(options: ToolsOptions): readonly OfferedTool[]
  tools(options: ToolsOptions = {}): readonly OfferedTool[] {
    return selectTools(this.catalog, options, this.grants)
  }

  /** The skills that a model is offered with these options, also those without a script. */
  offeredSkills(options: Pick<ToolsOptions, 'include' | 'exclude'> = {}): readonly SkillInfo[] {
    return selectSkills(this.catalog, options)
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

  /** Where the schema of a tool comes from: file and line for each property, and what else its script needs. */
  origin(tool: string | ToolDefinition): ToolOrigin {
    const { name } = typeof tool === 'string' ? this.tool(tool) : tool
    return this.catalog.origins.get(name) ?? { kind: 'fallback', needs: [], evidence: async () => [] }
  }

  /** The skill of that name, or that the tool of that name belongs to. Throws `SKILL_NOT_FOUND`. */
  skill(name: string): SkillInfo {
    return findSkill(this.catalog, name)
  }

  /** The complete policy that a run with these options would get. */
  policy(skill: string | SkillInfo, options: PolicyOptions = {}): SandboxPolicy {
    return buildPolicy(this.skillOf(skill), this.withDefaults(options))
  }

  /**
   * A model's call, as it comes: the name of a tool, and arguments that may still be JSON text. Otherwise as
   * {@link SkillManager.run}. Throws `ARGUMENTS_INVALID` for text that is not JSON.
   */
  async call(
    name: string,
    args: string | Readonly<Record<string, unknown>>,
    options: Omit<RunOptions, 'script'> = {},
  ): Promise<RunResult> {
    return this.run(name, typeof args === 'string' ? parseArguments(args, name) : args, options)
  }

  /**
   * Validates the arguments, scans and asks (level 3), builds the policy, runs the script; answers a tool of the
   * engine's own itself.
   */
  async run(
    target: string | SkillInfo | OfferedTool,
    args: Readonly<Record<string, unknown>> = {},
    options: RunOptions = {},
  ): Promise<RunResult> {
    const own = findOwnTool(target, this.skills, this.grants)
    if (own !== undefined) return this.answerOwn(own, args, options)
    const tool = this.toolOf(target, options.script)
    const skill = this.skillOf(tool.skill)
    const script = skill.scripts.find((entry) => entry.path === tool.script)
    if (script === undefined)
      throw new SkillLiteError('SCRIPT_MISSING', `${skill.name} has no ${quote(tool.script)}`)
    const { args: valid, coerced } = await validateArguments(tool, args)
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
    const { argv, stdin } = await invocationOf(tool.argvPlan, valid)
    const result = await this.enqueue([...command, ...argv], options, async (full) => {
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
    return coerced.length === 0 || result.status !== 'completed' ? result : { ...result, coerced }
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
    const [program, ...args] = command
    if (program === undefined || !command.every((part) => typeof part === 'string' && isPlainText(part))) {
      throw new SkillLiteError(
        'OPTION_INVALID',
        `The command ${quote(command)} cannot be run`,
        'Give a program and its arguments.',
      )
    }
    return this.execute(this.skillOf(skill), [program, ...args], options)
  }

  /**
   * Runs a command line that a model asks for in the skill's sandbox. Only programs that `programs` names can be started;
   * where a shell is one of them, the line may be more than a program and its arguments, and the harmless utilities that
   * it names work. At level 3 the skill is scanned, and asked about, as before a script of it runs.
   */
  async command(skill: string | SkillInfo, line: string, options: CommandOptions = {}): Promise<RunResult> {
    const { programs = this.grants.programs, confirm, approved, approvals, ...exec } = options
    const info = this.skillOf(skill)
    const planned = planCommand(line, programs)
    if (planned.kind === 'refused') return { status: 'refused', reason: planned.reason }
    const granted = { ...exec, allowPrograms: programs }
    if (this.policy(info, granted).level !== 3) return this.execute(info, planned.command, granted)
    const { directory } = info
    const snapshot = takeSnapshot(directory)
    const memory = approvals ?? this.approvals
    const asked = { snapshot, directory, script: '', args: { line }, options, memory }
    const stopped = await approveRun(asked)
    if (stopped !== undefined) return stopped
    // It runs where the skill lies: the line names the files there.
    return this.execute(info, planned.command, granted, () =>
      isIntact({ directory, digest: snapshot.digest }) ? undefined : changedMeanwhile(info),
    )
  }

  /** Runs a command, unless `check` has a reason not to when its turn comes. */
  private async execute<Stop extends RunResult = never>(
    skill: SkillInfo,
    [program, ...args]: readonly [string, ...string[]],
    options: ExecOptions,
    check: () => Stop | undefined = () => undefined,
  ): Promise<CompletedRun | Stop> {
    const policy = this.policy(skill, options)
    const granted = await grantPrograms([program])
    const utilities = /(^|\/)(ba|da)?sh$/.test(program) ? [utilitiesFor(args.join(' '))] : []
    const programs = mergePrograms([granted, ...utilities])
    return this.enqueue<CompletedRun | Stop>(
      [granted.exec[0] ?? program, ...args],
      options,
      async (full) =>
        check() ??
        runCommand({
          policy,
          skillName: skill.name,
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

  private async answerOwn(
    tool: OwnTool,
    args: Readonly<Record<string, unknown>>,
    { script, allowPrograms, ...options }: RunOptions,
  ): Promise<RunResult> {
    if (tool.name === 'run_command') {
      const { args: valid } = await validateArguments(tool, args)
      return this.command(String(valid.skill), String(valid.command), options)
    }
    const { answerOwnTool } = await import('./tools/answer-own-tool.js')
    const answer = await answerOwnTool(tool, args, this.skills, this.grants.workspace)
    return answeredRun(answer, this.withDefaults(options).level ?? DEFAULT_SANDBOX_LEVEL)
  }

  private toolOf(target: string | SkillInfo | OfferedTool, script: string | undefined): ToolDefinition {
    if (typeof target === 'string') return this.tool(target, script)
    if ('argvPlan' in target) return scriptTool(this.catalog, this.skillOf(target.skill), target.script)
    // A tool of the engine's own that is not granted.
    if (!('directory' in target)) return this.tool(target.name)
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
