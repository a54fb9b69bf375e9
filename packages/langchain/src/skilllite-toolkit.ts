import { BaseToolkit, type StructuredToolInterface } from '@langchain/core/tools'
import { approvalNeeded, SkillLiteError, type SkillManager } from '@skilllite/core'
import { AskedCalls } from './asked-calls.js'
import { type InterruptOnSkill, interruptOnSkill } from './interrupt-on.js'

import { queuedConfirm } from './queued-confirm.js'
import { SkillTool, type SkillToolSetting } from './skill-tool.js'
import type { ToolkitOptions } from './toolkit-options.js'

/** Skills as tools for LangChain: for `createAgent`, a `ToolNode`, or `bindTools`. */
export class SkillLiteToolkit extends BaseToolkit {
  readonly tools: StructuredToolInterface[]

  private constructor(
    tools: readonly SkillTool[],
    private readonly setting: SkillToolSetting,
  ) {
    super()
    this.tools = [...tools]
  }

  /**
   * @throws SkillLiteError `OPTION_INVALID` where both `confirm` and `interrupt` are given, or `skills` names what is not there
   */
  static fromManager(manager: SkillManager, options: ToolkitOptions = {}): SkillLiteToolkit {
    const { skills, exclude, activation, commands, workspace, sandboxLevel, confirm, interrupt, ...run } =
      options
    if (confirm !== undefined && interrupt !== undefined) {
      throw new SkillLiteError(
        'OPTION_INVALID',
        'confirm and interrupt are two ways to ask the same question',
        'Give one of them.',
      )
    }
    const tools = manager.tools({ include: skills, exclude, activation, commands, workspace })
    const setting: SkillToolSetting = {
      manager,
      run: { ...run, tools, level: sandboxLevel },
      approval: { interrupt, ...(confirm === undefined ? {} : { confirm: queuedConfirm(confirm) }) },
      asked: new AskedCalls(),
    }
    return new SkillLiteToolkit(
      tools.map((tool) => new SkillTool(tool, setting)),
      setting,
    )
  }

  /**
   * For `humanInTheLoopMiddleware({ interruptOn })`: asks about a call where the scan of its skill finds something, and about
   * no other. An approval is good for what was asked about, in the process that asked.
   */
  interruptOn(): Record<string, InterruptOnSkill> {
    const { manager, run, asked } = this.setting
    const { tools: _offered, maxCharacters: _words, ...options } = run
    const needed = (call: { name: string; args: Record<string, unknown> }) =>
      approvalNeeded(manager, { name: call.name, arguments: call.args }, options)
    return Object.fromEntries(this.tools.map(({ name }) => [name, interruptOnSkill(needed, asked)]))
  }
}
