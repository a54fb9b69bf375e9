import { type ChildProcess, spawn } from 'node:child_process'
import { afterEach, describe, expect, test } from 'vitest'
import type { RunEnd } from '../report.js'
import { watchGroup } from './watch-group.js'

const MiB = 1024 * 1024
const started: ChildProcess[] = []
afterEach(() => {
  for (const { pid } of started.splice(0)) if (pid !== undefined) process.kill(-pid, 'SIGKILL')
})

/** A process group of its own. */
function run(program: string, ...args: string[]): number {
  const child = spawn(program, args, { detached: true, stdio: 'ignore' })
  started.push(child)
  return child.pid ?? 0
}
const hit = (group: number, limits: { memoryBytes: number; pids: number }, ps?: string): Promise<RunEnd> =>
  new Promise((resolve) => watchGroup(group, limits, resolve, ps))

describe('watchGroup()', () => {
  test('tells of memory, of all processes of the group together', async () => {
    const hold = 'a = bytearray(b"x") * (80 << 20)'
    const code = `import os, time\nos.fork()\n${hold}\ntime.sleep(60)`
    const end = await hit(run('python3', '-c', code), { memoryBytes: 150 * MiB, pids: 10 })
    expect(end).toEqual({ kind: 'memory', limitBytes: 150 * MiB, usedBytes: expect.any(Number) })
    expect(end.kind === 'memory' && end.usedBytes).toBeGreaterThan(150 * MiB)
  })

  test('tells of processes', async () => {
    const group = run('sh', '-c', 'for i in 1 2 3 4 5; do sleep 60 & done; wait')
    expect(await hit(group, { memoryBytes: 500 * MiB, pids: 4 })).toEqual({ kind: 'pids', limit: 4 })
  })

  test('ends a run that it cannot look at', async () => {
    expect(await hit(run('sleep', '60'), { memoryBytes: 500 * MiB, pids: 4 }, '/nowhere/ps')).toEqual({
      kind: 'pids',
      limit: 4,
    })
  })

  test('says nothing of what stays within its limits, nor of other groups', async () => {
    const ends: RunEnd[] = []
    const quiet = watchGroup(run('sleep', '60'), { memoryBytes: 64 * MiB, pids: 2 }, (end) => ends.push(end))
    // As long as another one takes to be seen: many looks.
    await hit(run('sh', '-c', 'sleep 1; for i in 1 2 3; do sleep 60 & done; wait'), {
      memoryBytes: 500 * MiB,
      pids: 3,
    })
    quiet.stop()
    expect([ends, quiet.peak.maxPids]).toEqual([[], 1])
    expect(quiet.peak.peakMemoryBytes).toBeGreaterThan(0)
  })
})
