import type { AnswerOptions, Approval, RunProgress, SandboxLevel, ToolsOptions } from '@skilllite/core'

/** Which skills become tools, and how they run. Everything left out is as `SkillManager.load` was told. */
export interface ToolSpecOptions
  extends Omit<AnswerOptions, 'tools' | 'level' | 'confirm' | 'approved' | 'onProgress'>,
    Omit<ToolsOptions, 'include'> {
  /** `include` of `manager.tools()`: only these, by the name of a skill or of a tool; `*` stands for any characters.
   *  @default all */
  readonly skills?: readonly string[]
  /** 1 none, 2 sandbox, 3 sandbox and static scan with confirmation.
   *  @default as `SkillManager.load` was told: 3 if nothing */
  readonly sandboxLevel?: SandboxLevel
  /** Asked at level 3 where the scan of a skill finds something; the agent waits for the answer.
   *  @default none: such a call is not run, and the model is told so */
  readonly confirm?: (report: string, scanId: string) => Approval | Promise<Approval>
  /** Ends every run of these tools when it fires: LlamaIndex gives a tool no signal of the agent's.
   *  @default none */
  readonly signal?: AbortSignal
  /** Told what happens between a call and its result, and of which tool.
   *  @default none */
  readonly onProgress?: (progress: RunProgress, tool: string) => void
}
