import type { ArgvPlan } from './tool-definition.js'

/** What a script is started with, besides its own path. */
export interface Invocation {
  readonly argv: readonly string[]
  readonly stdin: string
}

/** As {@link buildInvocation}, whose rules for command lines are loaded only for a script that takes one. */
export async function invocationOf(
  plan: ArgvPlan,
  args: Readonly<Record<string, unknown>>,
): Promise<Invocation> {
  if (plan.kind === 'stdin-json') return jsonInvocation(args)
  const { buildInvocation } = await import('./build-invocation.js')
  return buildInvocation(plan, args)
}

/** All arguments as one line of JSON on stdin. */
export function jsonInvocation(args: Readonly<Record<string, unknown>>): Invocation {
  return { argv: [], stdin: `${JSON.stringify(args)}\n` }
}
