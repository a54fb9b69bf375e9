import {
  type AnswerOptions,
  type Approval,
  type ApprovalRequest,
  answerCall,
  inTurn,
  type ModelAnswer,
  type ModelCall,
  type RunProgress,
  type SkillManager,
  type ToolsOptions,
} from '@skilllite/core'
import { answerShellCall } from './answer-shell-call.js'
import type { ShellCall, ShellOutput } from './response-item.js'
import type { ToolCall } from './tool-call.js'

/** How the calls of one answer are run. Policy options hold for every one of them. */
export interface HandleOptions
  extends Omit<AnswerOptions, 'approved' | 'tools' | 'confirm' | 'onProgress' | 'onStdout' | 'onStderr'>,
    Pick<ToolsOptions, 'include' | 'exclude' | 'commands' | 'workspace'> {
  /** Asked at level 3 when a scan finds something; one question at a time, however many calls there are.
   *  @default none: such a call is not run, and the model is told so */
  readonly confirm?: (request: ApprovalRequest, call: ToolCall) => Approval | Promise<Approval>
  /** @default none */
  readonly onProgress?: (progress: RunProgress, call: ToolCall) => void
  /** Gets what each call came to, also what the model is not told: artifacts, usage, the report that needs approval.
   *  @default none */
  readonly onAnswer?: (answer: ModelAnswer, call: ToolCall) => void
  /** Answers calls of the host's own tools; asked for every name that is none of ours. Nothing where it is not its own
   *  either: the model is then told that there is no such tool.
   *  @default none */
  readonly otherTools?: (call: ToolCall) => string | undefined | Promise<string | undefined>
  /** Programs that commands of the Responses API's `shell` tool may start, by name on `PATH` or by path.
   *  @default what `SkillManager.load` was given; with none, every command is refused, and the model is told so */
  readonly programs?: readonly string[]
  /** Calls at the same time.
   *  @default all; the manager still bounds how many run */
  readonly concurrency?: number
}

/** Answers single calls. */
export interface CallAnswerer {
  /** A function's or custom tool's call, in words. */
  tool(call: ToolCall): Promise<string>
  /** Commands for a shell. */
  shell(call: ShellCall): Promise<ShellOutput[]>
}

/** Answers calls with these options: only tools and skills that they leave can be used. */
export function callAnswerer(manager: SkillManager, options: HandleOptions): CallAnswerer {
  const { confirm, onProgress, onAnswer, otherTools, concurrency, programs, ...rest } = options
  const { include, exclude, commands = false, workspace = false, ...run } = rest
  const chosen = {
    ...(include === undefined ? {} : { include }),
    ...(exclude === undefined ? {} : { exclude }),
  }
  // Whether activation was offered is not told here; it shows what may be shown, and nothing of a skill runs.
  const tools = manager.tools({ ...chosen, commands, workspace, activation: true })
  const turn = inTurn()
  const asked = (request: ApprovalRequest, call: ToolCall): Promise<Approval> =>
    turn(() => confirm !== undefined && options.signal?.aborted !== true && confirm(request, call))
  const runFor = (call: ToolCall) => ({
    ...run,
    ...(confirm === undefined ? {} : { confirm: (request: ApprovalRequest) => asked(request, call) }),
    ...(onProgress === undefined ? {} : { onProgress: (step: RunProgress) => onProgress(step, call) }),
  })
  return {
    async tool(call) {
      // A custom tool gives text where ours take JSON: none of ours is one.
      const own = call.kind === 'function' ? tools : []
      if (!own.some(({ name }) => name === call.name)) {
        const other = await otherTools?.(call)
        if (other !== undefined) return other
      }
      // Whatever the model gave: the engine checks it.
      const given = { name: call.name, arguments: call.arguments as ModelCall['arguments'] }
      const answer = await answerCall(manager, given, { ...runFor(call), tools: own })
      onAnswer?.(answer, call)
      return answer.content
    },
    shell(shell) {
      const call: ToolCall = { id: shell.id, name: 'shell', arguments: shell.commands, kind: 'shell' }
      const skills = manager.offeredSkills(chosen)
      return answerShellCall(
        manager,
        shell,
        skills,
        { ...runFor(call), ...(programs === undefined ? {} : { programs }) },
        (answer) => onAnswer?.(answer, call),
      )
    },
  }
}
