import {
  type AnswerOptions,
  type Approval,
  type ApprovalRequest,
  answerCall,
  type ModelAnswer,
  type ModelCall,
  type RunProgress,
  type SkillManager,
  type ToolsOptions,
} from '@skilllite/core'
import type { ToolCall } from './tool-call.js'

/** How the calls of one answer are run. Policy options hold for every one of them. */
export interface HandleOptions
  extends Omit<AnswerOptions, 'approved' | 'tools' | 'confirm' | 'onProgress' | 'onStdout' | 'onStderr'>,
    Pick<ToolsOptions, 'include' | 'exclude'> {
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
  /** Calls at the same time.
   *  @default all; the manager still bounds how many run */
  readonly concurrency?: number
}

/** Answers single calls with these options. Only tools that they offer can be called. */
export function callAnswerer(
  manager: SkillManager,
  options: HandleOptions,
): (call: ToolCall) => Promise<string> {
  const { include, exclude, confirm, onProgress, onAnswer, otherTools, concurrency, ...run } = options
  const tools = manager.tools({
    ...(include === undefined ? {} : { include }),
    ...(exclude === undefined ? {} : { exclude }),
    // Whether they were offered is not told here; they show what may be offered, and nothing of them runs.
    activation: true,
  })
  const ask = confirm === undefined ? undefined : oneAtATime(confirm, options.signal)
  return async (call) => {
    const own = call.kind === 'function' && tools.some(({ name }) => name === call.name)
    const other = own ? undefined : await otherTools?.(call)
    if (other !== undefined) return other
    const answer = await answerCall(
      manager,
      // whatever the model gave: the engine checks it
      { name: call.name, arguments: call.arguments as ModelCall['arguments'] },
      {
        ...run,
        // A custom tool gives text where ours take JSON: no name of ours is one.
        tools: call.kind === 'function' ? tools : [],
        ...(ask === undefined ? {} : { confirm: (request) => ask(request, call) }),
        ...(onProgress === undefined ? {} : { onProgress: (progress) => onProgress(progress, call) }),
      },
    )
    onAnswer?.(answer, call)
    return answer.content
  }
}

type Confirm = NonNullable<HandleOptions['confirm']>

function oneAtATime(confirm: Confirm, signal: AbortSignal | undefined): Confirm {
  let last: Promise<unknown> = Promise.resolve()
  return (request, call) => {
    const next = last.then(() => (signal?.aborted === true ? false : confirm(request, call)))
    last = next.catch(() => {})
    return next
  }
}
