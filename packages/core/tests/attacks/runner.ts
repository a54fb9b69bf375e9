// Runs attempts for the tests as the user that it was started as: a request is an attempt's name and how to run it.
import type { How } from './attempt.js'
import { CATALOGUE } from './catalogue/index.js'
import { type Outcome, runAttempt, runSandboxed } from './run-attempt.js'
import type { World } from './world.js'

export interface Request {
  readonly name: string
  readonly how: How
  /** Runs in this world, made by another runner, and judges nothing. */
  readonly world?: World
}

export type Reply = Outcome | { readonly failed: string }

process.on('message', ({ name, how, world }: Request) => {
  const attempt = CATALOGUE.find((one) => one.name === name)
  if (attempt !== undefined && world !== undefined && how !== 'bare') {
    void runSandboxed(attempt, world, how)
    return
  }
  const outcome =
    attempt === undefined ? Promise.reject(new Error(`no attempt ${name}`)) : runAttempt(attempt, how)
  outcome.then(
    (reply: Outcome) => process.send?.(reply satisfies Reply),
    (error: unknown) => {
      const failed = error instanceof Error ? (error.stack ?? error.message) : String(error)
      process.send?.({ failed } satisfies Reply)
    },
  )
})
process.on('disconnect', () => process.exit(0))
