import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { withBuildLock } from './build-lock.js'
import { isAlive, ownIdentity } from './process-identity.js'

const store = mkdtempSync(path.join(tmpdir(), 'lock-'))
const file = path.join(store, 'locks/x.lock')
afterAll(() => rmSync(store, { recursive: true }))

const lock = (work: () => Promise<unknown>, onWait = () => {}) =>
  withBuildLock(store, 'x', undefined, onWait, work)

/** The identity of a process that has ended. */
async function identityOfDead(): Promise<string> {
  const child = spawn('true')
  await once(child, 'exit')
  return `${child.pid}.${ownIdentity().split('.')[1]}`
}

test('isAlive() tells a process from a later one of the same number', async () => {
  const [pid, start] = ownIdentity().split('.')
  expect(isAlive(`${pid}.${start}`)).toBe(true)
  expect(isAlive(`${pid}.${Number(start) - 1}`)).toBe(false)
  expect(isAlive(await identityOfDead())).toBe(false)
  expect(isAlive('nonsense')).toBe(false)
})

describe('withBuildLock()', () => {
  test('lets one after the other', async () => {
    const order: string[] = []
    let waited = 0
    const work = (name: string) => async () => {
      order.push(`${name} begins`)
      await new Promise((resolve) => setTimeout(resolve, 50))
      order.push(`${name} ends`)
    }
    await Promise.all([lock(work('a')), lock(work('b'), () => waited++)])
    expect(order).toEqual(['a begins', 'a ends', 'b begins', 'b ends'])
    expect(waited).toBe(1)
  })

  test('is not held by one that was killed, nor by one killed before it wrote who it is', async () => {
    for (const holder of [await identityOfDead(), '']) {
      writeFileSync(file, holder)
      utimesSync(file, 1, 1)
      expect(await lock(async () => 'done')).toBe('done')
      expect(readdirSync(path.dirname(file))).toEqual([])
    }
  })

  test('is given back where the work fails', async () => {
    await expect(lock(() => Promise.reject(new Error('no')))).rejects.toThrow('no')
    expect(await lock(async () => 'done')).toBe('done')
  })

  test('stops waiting when the signal fires', async () => {
    const controller = new AbortController()
    await lock(async () => {
      const second = withBuildLock(
        store,
        'x',
        controller.signal,
        () => controller.abort(),
        async () => 'never',
      )
      await expect(second).rejects.toThrow()
    })
  })
})
