import type { AnswerOptions, Approval, SandboxLevel, ToolsOptions } from '@skilllite/core'
import type { ApprovalQuestion } from './approval-question.js'

type OfTheCall = 'tools' | 'level' | 'confirm' | 'approved' | 'signal' | 'onProgress'

/** Which skills become tools, and how they run. Everything left out is as `SkillManager.load` was told. */
export interface ToolkitOptions extends Omit<AnswerOptions, OfTheCall>, Omit<ToolsOptions, 'include'> {
  /** `include` of `manager.tools()`: only these, by the name of a skill or of a tool; `*` stands for any characters.
   *  @default all */
  readonly skills?: readonly string[]
  /** 1 none, 2 sandbox, 3 sandbox and static scan with confirmation.
   *  @default as `SkillManager.load` was told: 3 if nothing */
  readonly sandboxLevel?: SandboxLevel
  /** Asked at level 3 where the scan of a skill finds something; one question at a time. Excludes `interrupt`.
   *  @default none: such a call is not run, and the model is told so */
  readonly confirm?: (report: string, scanId: string) => Approval | Promise<Approval>
  /** LangGraph's `interrupt`: such a call then stops the graph, which needs a checkpointer, until it is resumed with
   *  `new Command({ resume: scanId })`. Excludes `confirm`.
   *  @default none */
  readonly interrupt?: (question: ApprovalQuestion) => unknown
}
