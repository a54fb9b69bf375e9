import { readFileSync } from 'node:fs'
import type { Approval, SkillManager } from '@skilllite/core'
import { type AgenticLoop, type LoopOptions, type LoopResult, SkillRunner } from '@skilllite/openai'
import { converse, stopReason } from '../chat/conversation.js'
import type { ChatControls } from '../chat/slash-commands.js'
import { View } from '../chat/view.js'
import { optionValue } from '../command-line/parse.js'
import type { ParsedArguments } from '../command-line/spec.js'
import { UsageError } from '../command-line/usage-error.js'
import { ExitCode } from '../exit-codes.js'
import { failureOf, reportFailure } from '../failure.js'
import { approval, projectApprovals } from '../run/approval.js'
import { type Cancellation, cancelOnSignals } from '../run/cancellation.js'
import { backendOption, policyOptions } from '../settings/policy-options.js'
import { hostsFromEnvironment } from '../skills/network-grant.js'
import { loadManager, loadOptions } from '../skills/skill-source.js'
import { visible, visibleJson } from '../terminal/escape.js'
import { StdoutClosed, tell, writeStdout } from '../terminal/output.js'
import { isTerminal } from '../terminal/style.js'

/** `skilllite chat [MESSAGE]`. */
export async function command(parsed: ParsedArguments): Promise<number> {
  const json = parsed.flags.has('json')
  const talks = parsed.operands.length === 0 && isTerminal(0)
  const manager = await loadManager(loadOptions(parsed, process.env))
  const controls: ChatControls = { manager, approveAll: false }
  const view = !json && isTerminal(1) ? new View() : undefined
  const loop = await new SkillRunner({
    ...loopOptions(parsed, manager),
    ...confirmation(parsed, controls, view),
  }).loop()
  if (talks && view !== undefined) {
    await converse(loop, controls, view)
    return ExitCode.ok
  }
  return answerOnce(loop, messageOf(parsed), json, view)
}

function loopOptions(parsed: ParsedArguments, manager: SkillManager) {
  const policy = policyOptions(parsed, process.env)
  const text = (name: string) => optionValue(parsed, name)
  const options = {
    model: text('model'),
    baseURL: text('base-url'),
    context: text('context') as LoopOptions['context'],
    planning: parsed.flags.has('plan'),
    maxIterations: count(parsed, 'max-iterations'),
    maxTokens: count(parsed, 'max-tokens'),
  }
  const given = Object.entries(options).filter(([, value]) => value !== undefined)
  const runOptions: LoopOptions['runOptions'] = (skill) => {
    const approvals = manager.config?.approvals === undefined ? projectApprovals(skill.directory) : undefined
    return {
      ...(approvals === undefined ? {} : { approvals }),
      ...hostsFromEnvironment(parsed, process.env, skill),
      ...policy,
      ...backendOption(parsed),
    }
  }
  return { ...(Object.fromEntries(given) as Partial<LoopOptions>), manager, runOptions }
}

/** Who approves: `--yes`, `/approve all`, the person at the terminal; else nobody, and the loop stops. */
function confirmation(
  parsed: ParsedArguments,
  controls: ChatControls,
  view: View | undefined,
): Pick<LoopOptions, 'confirm'> {
  const { confirm } = approval(parsed, process.env)
  if (confirm === undefined) return {}
  return {
    confirm: async (report): Promise<Approval> => {
      if (controls.approveAll) {
        tell(visible(report).trimEnd())
        return true
      }
      const answer = await confirm({ report })
      view?.wait()
      return answer
    },
  }
}

async function answerOnce(
  loop: AgenticLoop,
  message: string,
  json: boolean,
  view: View | undefined,
): Promise<number> {
  const cancellation = cancelOnSignals()
  try {
    const { signal } = cancellation
    const result = json
      ? await printEvents(loop, message, cancellation)
      : await loop.run(message, { signal, ...(view === undefined ? {} : { onEvent: view.show }) })
    if (!json && view === undefined && result.text !== '') writeStdout(`${result.text.replace(/\n$/, '')}\n`)
    return exitCodeOf(result)
  } catch (error) {
    view?.end()
    const cancelled = cancellation.exitCode()
    if (cancelled !== undefined) return cancelled
    if (json && !StdoutClosed.is(error)) {
      writeStdout(`${visibleJson({ type: 'failed', ...failureOf(error) }, 0)}\n`)
    }
    return reportFailure(error)
  } finally {
    cancellation.release()
  }
}

async function printEvents(
  loop: AgenticLoop,
  message: string,
  { signal, cancel }: Cancellation,
): Promise<LoopResult> {
  return loop.run(message, {
    signal,
    onEvent: (event) => {
      try {
        writeStdout(`${visibleJson(event, 0)}\n`)
      } catch (error) {
        if (!StdoutClosed.is(error)) throw error
        cancel('SIGPIPE')
      }
    },
  })
}

function exitCodeOf({ stop, finishReason, state }: LoopResult): number {
  for (const { report } of state?.pending ?? []) tell(visible(report).trimEnd())
  const reason = stopReason(stop, finishReason)
  if (reason === undefined) return ExitCode.ok
  tell(`skilllite: ${reason}${stop === 'approval' ? ': --yes gives it' : ''}.`)
  return stop === 'approval' ? ExitCode.refused : ExitCode.failed
}

/** The message on the command line, or all that stands on stdin. */
function messageOf(parsed: ParsedArguments): string {
  const [given] = parsed.operands
  const message = given ?? (isTerminal(0) ? '' : readFileSync(0, 'utf8'))
  if (message.trim() !== '') return message.trim()
  throw new UsageError('skilllite chat needs a message.', 'Give it as MESSAGE or on stdin.')
}

function count(parsed: ParsedArguments, name: string): number | undefined {
  const text = optionValue(parsed, name)
  if (text === undefined) return undefined
  if (/^[1-9]\d*$/.test(text)) return Number(text)
  throw new UsageError(`--${name} must be a whole number from 1, got ${JSON.stringify(text)}.`)
}
