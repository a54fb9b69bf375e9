import type { ArgvPlan, CommandLinePlan } from '../schema/argv-plan.js'
import { buildCommandLine } from './build-command-line.js'
import { checkWord } from './encode-word.js'
import { type Invocation, jsonInvocation } from './invocation.js'

/**
 * Turns validated arguments into a command line and stdin. Throws `ARGUMENTS_INVALID` with the reason for a value that
 * the script would take for something else: a value never becomes a flag.
 */
export function buildInvocation(plan: ArgvPlan, args: Readonly<Record<string, unknown>>): Invocation {
  switch (plan.kind) {
    case 'stdin-json':
      return jsonInvocation(args)
    case 'raw': {
      const words: readonly unknown[] = Array.isArray(args.args) ? args.args : []
      const stdin = typeof args.stdin === 'string' ? args.stdin : ''
      return { argv: words.map((word) => checkWord(String(word), 'args')), stdin }
    }
    case 'command-line':
      return { argv: buildCommandLine(plan, args), stdin: stdinText(plan, args) }
  }
}

function stdinText({ stdin }: CommandLinePlan, args: Readonly<Record<string, unknown>>): string {
  if (stdin === undefined) return ''
  if (stdin.kind === 'text') {
    const text = args[stdin.name]
    return text === undefined || text === null ? '' : String(text)
  }
  const given = stdin.names.filter((name) => Object.hasOwn(args, name))
  return `${JSON.stringify(Object.fromEntries(given.map((name) => [name, args[name]])))}\n`
}
