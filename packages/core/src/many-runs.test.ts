import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { SkillManager } from './manager.js'
import { temporaryDirectory } from './skill/fixtures/temporary.js'

const RUNS = 1_000
/** What one run holds at most: a process with five pipes, and what Node needs to start it. */
const DESCRIPTORS_EACH = 20

test('a thousand runs at once wait their turn: bounded in descriptors, and none is lost', async () => {
  const skill = path.join(temporaryDirectory(), 'tiny')
  mkdirSync(skill)
  writeFileSync(path.join(skill, 'SKILL.md'), '---\nname: tiny\ndescription: Says x.\n---\n')
  writeFileSync(path.join(skill, 'main.sh'), 'echo x\n')
  const manager = await SkillManager.load({ skillsDir: skill, concurrency: 4 })
  const open = (): number => readdirSync('/proc/self/fd').length
  const before = open()
  let most = 0
  let queued = 0
  const { signal } = new AbortController()
  const runs = Array.from({ length: RUNS }, async () => {
    const result = await manager.run(
      'tiny',
      {},
      {
        signal,
        onProgress: (progress) => {
          if (progress.kind === 'run-queued') queued++
        },
        onStdout: () => {
          most = Math.max(most, open() - before)
        },
      },
    )
    return result.status === 'completed' && result.end.kind === 'exited' && result.exitCode === 0
  })
  const ended = await Promise.all(runs)
  expect(ended.filter(Boolean)).toHaveLength(RUNS)
  expect(queued).toBe(RUNS - 4)
  expect(most).toBeGreaterThan(0)
  expect(most).toBeLessThan(4 * DESCRIPTORS_EACH)
  expect(open()).toBeLessThanOrEqual(before + DESCRIPTORS_EACH)
}, 120_000)
