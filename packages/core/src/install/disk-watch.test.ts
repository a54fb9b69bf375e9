import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { watchDisk } from './disk-watch.js'

const MiB = 1024 * 1024
// A file system of its own, on which hardly anybody else writes.
const shm = '/dev/shm'
const root = process.platform === 'linux' ? mkdtempSync(path.join(shm, 'disk-')) : ''
afterAll(() => rmSync(root, { recursive: true, force: true }))

/** Whether the watch cries when a file of so many MiB is written. */
async function hits(size: number, growth: number): Promise<boolean> {
  let hit = false
  const watch = watchDisk(root, { growthBytes: growth * MiB, reserveBytes: 0 }, () => {
    hit = true
  })
  writeFileSync(path.join(root, 'file'), Buffer.alloc(size * MiB, 1))
  for (let tries = 0; !hit && tries < 6; tries++) await new Promise((resolve) => setTimeout(resolve, 100))
  watch.stop()
  rmSync(path.join(root, 'file'))
  return hit
}

test('an installer that takes too much of the disk is noticed, one that does not is left alone', async (context) => {
  const { bavail, bsize } = process.platform === 'linux' ? statfsSync(shm) : { bavail: 0, bsize: 0 }
  if (bavail * bsize < 128 * MiB) context.skip('needs 128 MiB free in /dev/shm')
  expect(await hits(48, 24)).toBe(true)
  expect(await hits(8, 48)).toBe(false)
})
