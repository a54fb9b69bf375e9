import type { AgenticLoop, ChatMessage, LoopResult } from '@skilllite/openai'
import { reportFailure } from '../failure.js'
import { ask } from '../terminal/ask.js'
import { tell } from '../terminal/output.js'
import { styleFor } from '../terminal/style.js'
import { type ChatControls, slashCommand } from './slash-commands.js'
import type { View } from './view.js'

/** Talks with the user until they leave. */
export async function converse(loop: AgenticLoop, controls: ChatControls, view: View): Promise<void> {
  const history: string[] = []
  let messages: readonly ChatMessage[] = []
  const { skills } = controls.manager
  tell(`${skills.length} ${skills.length === 1 ? 'skill' : 'skills'}. /help lists what else you can write.`)
  for (;;) {
    const line = await readMessage(history)
    if (line === undefined) return
    if (line === '') continue
    if (line.startsWith('/')) {
      if (!slashCommand(line, controls)) return
      continue
    }
    const result = await answer(loop, [...messages, { role: 'user', content: line }], view)
    // what was cancelled, failed or waits for an approval is not part of the conversation
    if (result !== undefined && result.stop !== 'approval') messages = result.messages
  }
}

/** One answer; Ctrl-C ends it, and only it. */
async function answer(
  loop: AgenticLoop,
  messages: readonly ChatMessage[],
  view: View,
): Promise<LoopResult | undefined> {
  const controller = new AbortController()
  const cancel = () => controller.abort()
  process.on('SIGINT', cancel)
  const begun = performance.now()
  try {
    const result = await loop.run(messages, { signal: controller.signal, onEvent: view.show })
    tell(summary(result, performance.now() - begun))
    return result
  } catch (error) {
    view.end()
    if (controller.signal.aborted) tell('(cancelled)')
    else reportFailure(error)
    return undefined
  } finally {
    process.off('SIGINT', cancel)
  }
}

/** A message of one line, or of several where each but the last ends with a backslash; undefined at the end of input. */
async function readMessage(history: string[]): Promise<string | undefined> {
  // at the prompt Ctrl-C leaves, as Ctrl-D does
  const ignore = () => {}
  process.on('SIGINT', ignore)
  try {
    const lines: string[] = []
    for (;;) {
      const line = await ask(lines.length === 0 ? '> ' : '… ', history)
      if (line === undefined) {
        tell('')
        return undefined
      }
      if (!line.endsWith('\\')) return [...lines, line].join('\n').trim()
      lines.push(line.slice(0, -1))
    }
  } finally {
    process.off('SIGINT', ignore)
  }
}

function summary({ stop, usage, finishReason }: LoopResult, ms: number): string {
  const about = usage.estimated ? 'about ' : ''
  const cost = `${usage.requests} ${usage.requests === 1 ? 'request' : 'requests'}, ${about}${usage.inputTokens} tokens in, ${usage.outputTokens} out, ${(ms / 1000).toFixed(1)} s`
  const stopped = stopReason(stop, finishReason)
  return styleFor(2).dim(`(${stopped === undefined ? '' : `${stopped}; `}${cost})`)
}

/** Why an answer is not whole; undefined where it is. */
export function stopReason(stop: LoopResult['stop'], finishReason: string | undefined): string | undefined {
  switch (stop) {
    case 'done':
      return finishReason === 'length' ? 'the answer was cut by the endpoint' : undefined
    case 'max-iterations':
      return 'stopped after the most requests; --max-iterations raises it'
    case 'budget':
      return 'stopped by the limit of --max-tokens'
    case 'approval':
      return 'stopped: approval needed'
  }
}
