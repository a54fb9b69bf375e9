import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Attempt, Section } from './attempt.js'
import { BACKENDS } from './backends.js'
import { CATALOGUE } from './catalogue/index.js'
import { KNOWN_HOLES } from './known-holes.js'
import { Runner, Stage, USERS, type User } from './runner-client.js'

type Backend = (typeof BACKENDS)[number]

/** With it, what cannot be tried on this machine fails instead of being skipped. */
const required = process.env.SKILLBOX_REQUIRE === '1'
const TIMEOUT_MS = 120_000

/**
 * Makes the tests of these sections: each attempt without a sandbox, then in each. Every user has a runner that does
 * one thing at a time, so that as many run at once as there are users.
 */
export function attackTests(...sections: readonly Section[]): void {
  let stage: Stage
  const runners = new Map<User, Runner>()
  beforeAll(async () => {
    stage = await Stage.make()
    for (const user of USERS) runners.set(user, new Runner(stage, user))
  })
  afterAll(() => {
    for (const runner of runners.values()) runner.stop()
    stage.remove()
  })
  const runnerOf = (user: User): Runner => {
    const runner = runners.get(user)
    if (runner === undefined) throw new Error(`nobody runs as ${user.name}`)
    return runner
  }

  describe.each(sections)('%s', (section) => {
    for (const attempt of CATALOGUE.filter((one) => one.section === section)) {
      const users = attempt.once ? USERS.slice(0, 1) : USERS
      for (const user of users) bareTest(attempt, user, runnerOf)
      for (const backend of BACKENDS) for (const user of users) sandboxTest(attempt, user, backend, runnerOf)
    }
  })
}

/** The attempt works where nothing stops it, or its failing in a sandbox would prove nothing. */
function bareTest(attempt: Attempt, user: User, runnerOf: (user: User) => Runner): void {
  const { bare, needs } = attempt
  const name = `${user.name}, no sandbox: ${attempt.name}`
  if (bare !== undefined && 'without' in bare) return
  if (needs?.user === 'root' && user.name !== 'root') return
  // What others on the machine do meanwhile is part of what some attempts measure.
  test.concurrent(name, { timeout: TIMEOUT_MS, retry: 2 }, async (context) => {
    const { harm, detail } = await runnerOf(user).run({ name: attempt.name, how: 'bare' })
    if (harm === undefined && needs !== undefined && !required) context.skip(`needs ${needs.words}`)
    expect(harm, `it does nothing without a sandbox either\n${detail}`).toBeDefined()
  })
}

function sandboxTest(attempt: Attempt, user: User, backend: Backend, runnerOf: (user: User) => Runner): void {
  const name = `${user.name}, ${backend}: ${attempt.name}`
  if (attempt.needs?.user === 'root' && user.name !== 'root') {
    test.skip(`${name} (needs ${attempt.needs.words})`, () => {})
    return
  }
  const hole = KNOWN_HOLES.find(
    (known) =>
      known.attempt === attempt.name &&
      (known.user ?? user.name) === user.name &&
      (known.backend ?? backend) === backend,
  )
  const label = hole === undefined ? name : `${name} (known: ${hole.severity}, ${hole.reason})`
  test.concurrent(label, { timeout: TIMEOUT_MS, fails: hole !== undefined }, async (context) => {
    if (attempt.section === 'controls' && attempt.needs !== undefined) {
      const { harm } = await runnerOf(user).run({ name: attempt.name, how: 'bare' })
      if (harm === undefined) context.skip(`needs ${attempt.needs.words}`)
    }
    const { harm, detail } = await runnerOf(user).run({ name: attempt.name, how: backend })
    expect(harm, `${harm}\n${detail}`).toBeUndefined()
  })
}
