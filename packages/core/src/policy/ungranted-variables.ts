import { isGrantable } from './environment.js'

/** What a script printed, and whether it failed. */
export interface Ending {
  readonly failed: boolean
  readonly printed: string
}

/**
 * Says which variables a skill asks for and has not got: those that it declares when the run failed or speaks of them,
 * those that only its code reads when it failed and speaks of them.
 */
export function ungrantedVariables(
  skill: string,
  { declared, read }: { readonly declared: readonly string[]; readonly read: readonly string[] },
  granted: readonly string[],
  { failed, printed }: Ending,
): string | undefined {
  const lacks = (name: string): boolean => !granted.includes(name) && isGrantable(name)
  const missing = [
    ...declared.filter((name) => lacks(name) && (failed || printed.includes(name))),
    ...read.filter((name) => lacks(name) && !declared.includes(name) && failed && printed.includes(name)),
  ]
  if (missing.length === 0) return undefined
  return `${skill} asks for ${missing.join(', ')}; grant it with ${missing.map((name) => `--env ${name}`).join(' ')}.`
}
