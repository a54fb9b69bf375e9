import { statfsSync } from 'node:fs'

const INTERVAL_MS = 250
const MiB = 1024 * 1024

/** How much an installer may take of the disk that it writes to. */
export interface DiskLimits {
  readonly growthBytes: number
  /** So much stays free for everybody else. */
  readonly reserveBytes: number
}

export const DISK_LIMITS: DiskLimits = { growthBytes: 16 * 1024 * MiB, reserveBytes: 256 * MiB }

/**
 * Calls `onHit` once when the disk of a directory has lost too much since now, or is nearly full: a package of a few
 * kilobytes can unpack to any size. The whole disk is looked at, not the tree, which may hold a hundred thousand files.
 */
export function watchDisk(directory: string, limits: DiskLimits, onHit: () => void): { stop(): void } {
  const before = freeBytes(directory)
  const timer = setInterval(() => {
    const free = freeBytes(directory)
    if (before - free <= limits.growthBytes && free >= Math.min(limits.reserveBytes, before / 2)) return
    clearInterval(timer)
    onHit()
  }, INTERVAL_MS)
  return { stop: () => clearInterval(timer) }
}

function freeBytes(directory: string): number {
  const { bavail, bsize } = statfsSync(directory)
  return bavail * bsize
}
