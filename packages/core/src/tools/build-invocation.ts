import type { ArgvPlan } from './tool-definition.js'

/** What a script is started with, besides its own path. */
export interface Invocation {
  readonly argv: readonly string[]
  readonly stdin: string
}

/** Turns validated arguments into a command line and stdin. */
export function buildInvocation(plan: ArgvPlan, args: Readonly<Record<string, unknown>>): Invocation {
  switch (plan.kind) {
    case 'stdin-json':
      return { argv: [], stdin: `${JSON.stringify(args)}\n` }
  }
}
