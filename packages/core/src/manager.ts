import type { SkillLiteConfig } from './config/config.js'
import type { LoadedConfig } from './config/loaded-config.js'
import { quote, SkillLiteError } from './errors.js'
import { explainEnding } from './explain-ending.js'
import { HostSettings, loadConfig, skillPlaces } from './host-settings.js'
import type { LockedSkill, LockRunOptions } from './install/lock-skill.js'
import { prepareRun } from './install/prepare-run.js'
import type { ScriptDependencies } from './install/skill-dependencies.js'
import { type CatalogOptions, type LoadedCatalog, loadCatalog } from './load-catalog.js'
import { buildPolicy } from './policy/build-policy.js'
import type { OptionOrigins } from './policy/option-layers.js'
import { isPlainText } from './policy/plain-text.js'
import { DEFAULT_SANDBOX_LEVEL, type PolicyOptions } from './policy/policy-options.js'
import type { SandboxLevel, SandboxPolicy } from './policy/sandbox-policy.js'
import type { Secrets } from './policy/secrets.js'
import type { DependencyOptions } from './runtime/dependencies/dependency-options.js'
import { grantPrograms, mergePrograms } from './runtime/programs.js'
import { utilitiesFor } from './runtime/shell-utilities.js'
import { answeredRun } from './sandbox/answered-run.js'
import { approveRun } from './sandbox/approve-run.js'
import type { Backend } from './sandbox/backend.js'
import { runCommand } from './sandbox/run-command.js'
import type { CommandOptions, ExecOptions, RunOptions } from './sandbox/run-options.js'
import { RunQueue, sharedQueue } from './sandbox/run-queue.js'
import type { CompletedRun, RefusedRun, RunResult } from './sandbox/run-result.js'
import { isIntact, type SkillSnapshot, takeSnapshot } from './sandbox/skill-snapshot.js'
import { type ApprovalMemory, approvalsFile } from './scan/approval-memory.js'
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
import { withArgumentFiles } from './with-argument-files.js'

/** What {@link SkillManager.load} is given. Policy options here hold for every run that does not set its own. */
export interface LoadOptions extends CatalogOptions, DependencyOptions, Omit<PolicyOptions, 'level'> {
  /** @default DEFAULT_SANDBOX_LEVEL */
  readonly sandboxLevel?: SandboxLevel
  /** Where approvals that are to be remembered are kept: `sessionApprovals()`, `approvalsFile(path)`, or the host's own.
   *  @default none: every run that needs approval asks */
  readonly approvals?: ApprovalMemory
  /** Variables that single skills get: `{ weather: ['API_KEY'] }` takes the host's own value, `{ weather: { API_KEY: value } }`
   *  gives one, and a function `(skill, name) => value` is asked at each run for what a skill declares.
   *  @default none */
  readonly secrets?: Secrets
  /** A configuration, the path of one, or `true` for the `skilllite.config.*` of the project at `cwd`. What is given here or
   *  with a call stands before it. A file of code is run.
   *  @default false: no file is read that nobody named */
  readonly config?: boolean | string | SkillLiteConfig
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
    private readonly settings: HostSettings,
    private readonly queue: RunQueue,
    private readonly approvals: ApprovalMemory | undefined,
    private readonly grants: OwnToolGrants,
  ) {
    this.skills = catalog.skills
    this.shadowed = catalog.shadowed
  }

  /** The configuration in use, if any. */
  get config(): Pick<LoadedConfig, 'file' | 'approvals'> | undefined {
    return this.settings.config
  }

  /** What is wrong or odd in the skills found, also in those that could not be loaded, and in a configuration. */
  get diagnostics(): readonly Diagnostic[] {
    const names = this.skills.map(({ name }) => name)
    return [...this.catalog.diagnostics, ...(this.settings.config?.diagnostics(names) ?? [])]
  }

  /** Reads all skills. One bad skill never throws: see {@link SkillManager.diagnostics}. */
  static async load(options: LoadOptions = {}): Promise<SkillManager> {
    const { skillsDir, discover, toolsOf, corrections, onLoadProgress, ...others } = options
    const {
      sandboxLevel,
      concurrency,
      approvals,
      secrets,
      config: given,
      programs = [],
      workspace,
      ...defaults
    } = others
    const cwd = options.cwd ?? process.cwd()
    const config = await loadConfig(given, cwd)
    const places = skillsDir === undefined ? skillPlaces(config) : {}
    const catalog = await loadCatalog({ ...options, ...places }, cwd)
    const load = sandboxLevel === undefined ? defaults : { ...defaults, level: sandboxLevel }
    return new SkillManager(
      catalog,
      new HostSettings(load, secrets, config),
      queueFor(concurrency ?? config?.concurrency),
      approvals ?? (config?.approvals === undefined ? undefined : approvalsFile(config.approvals)),
      { programs, workspace: workspace === undefined ? undefined : openWorkspace(workspace, cwd) },
    )
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
    const info = this.skillOf(skill)
    const merged = this.settings.options(info, options)
    const policy = buildPolicy(info, merged, this.settings.variables)
    const asked = this.settings.asked(info, merged.env)
    return asked.length === 0 ? policy : { ...policy, environment: [...policy.environment, ...asked] }
  }

  /** The backend that such a run is to use; nothing where that is the strongest that works. */
  backend(skill: string | SkillInfo, options: Pick<RunOptions, 'backend'> = {}): Backend | undefined {
    return this.settings.options(this.skillOf(skill), options).backend
  }

  /** Where each option of such a run comes from: `call`, `load`, `secrets`, or a place in the configuration. */
  policyOrigins(skill: string | SkillInfo, options: PolicyOptions = {}): OptionOrigins {
    return this.settings.origins(this.skillOf(skill), options)
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
    const { args: checked, coerced } = await validateArguments(tool, args)
    const settings = this.settings.options(skill, options)
    const granted = await withArgumentFiles(tool, checked, this.policy(skill, options), settings.cwd)
    const { args: valid, policy } = granted
    const snapshot = policy.level === 3 ? takeSnapshot(skill.directory) : undefined
    if (snapshot !== undefined) {
      const { directory } = skill
      const memory = options.approvals ?? this.approvals
      const asked = { snapshot, directory, script: script.path, args: valid, options, memory }
      const stopped = await approveRun(asked)
      if (stopped !== undefined) return stopped
    }
    const prepared = await prepareRun(skill, script, snapshot, { ...options, ...settings })
    if ('status' in prepared) return prepared
    const { command, mounts, programs, installed } = prepared
    const { argv, stdin } = await invocationOf(tool.argvPlan, valid)
    const variables = await this.settings.environment(skill, settings)
    const result = await this.enqueue([...command, ...argv], options, async (full) => {
      if (snapshot !== undefined && hasChanged(skill, snapshot)) return changedMeanwhile(skill)
      return runCommand({
        policy: runningPolicy(policy, prepared.skill.directory),
        skillName: skill.name,
        ...variables,
        command: full,
        mounts,
        programs,
        backend: settings.backend,
        streams: { ...options, stdin },
        explain: (outcome) =>
          explainEnding(outcome, {
            skill,
            script,
            read: this.origin(tool).needs,
            granted: Object.keys(variables.environment),
            refusals: granted.refusals,
            installed,
          }),
      })
    })
    return coerced.length === 0 || result.status !== 'completed' ? result : { ...result, coerced }
  }

  /** What the scripts of a skill declare that they need, and whether it is installed. */
  async dependencies(skill: string | SkillInfo): Promise<readonly ScriptDependencies[]> {
    const { skillDependencies } = await import('./install/skill-dependencies.js')
    const { cwd = process.cwd(), allowSourceBuilds = [] } = this.settings.options(this.skillOf(skill), {})
    return skillDependencies(this.skillOf(skill), { cwd, allowSourceBuilds })
  }

  /**
   * Finds the newest versions of what a skill declares, installs them, and records them with their hashes in
   * `.skilllite/dependencies.lock.json` of the project at `cwd`; from then on it is these that are installed for it. Throws
   * `DEPENDENCY_INVALID`, `DEPENDENCY_INSTALL_FAILED`, `DEPENDENCY_LOCK_INVALID`.
   */
  async lock(skill: string | SkillInfo, options: LockRunOptions = {}): Promise<LockedSkill> {
    const { lockSkill } = await import('./install/lock-skill.js')
    const { cwd = process.cwd(), allowSourceBuilds = [] } = this.settings.options(this.skillOf(skill), {})
    return lockSkill(this.skillOf(skill), { cwd, allowSourceBuilds, ...options })
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
    const settings = this.settings.options(skill, options)
    const variables = await this.settings.environment(skill, settings)
    return this.enqueue<CompletedRun | Stop>(
      [granted.exec[0] ?? program, ...args],
      options,
      async (full) =>
        check() ??
        runCommand({
          policy,
          skillName: skill.name,
          ...variables,
          command: full,
          mounts: [],
          programs,
          backend: settings.backend,
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
    return answeredRun(answer, this.settings.options(undefined, options).level ?? DEFAULT_SANDBOX_LEVEL)
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
