import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

/** A process as the host sees it. */
export interface ProcessView {
  readonly pid: number
  readonly parent: number
  readonly commandLine: string
  /** A line of `/proc/<pid>/status`. */
  readonly status: Readonly<Record<string, string>>
  /** What its descriptors are. */
  readonly descriptors: readonly string[]
  readonly namespaces: Readonly<Record<string, string>>
  readonly personality: string
  readonly oomScoreAdjust: string
  readonly mounts: string
  readonly nice: number
  readonly policy: number
  readonly root: string
  /** Whether it holds a lock on a file, as `/proc/<pid>/fdinfo` tells. */
  readonly heldLocks: boolean
}

/** The variable by which a run's processes are known. */
export const MARK = 'ATTACK_RUN'

const attempt = <T>(read: () => T, otherwise: T): T => {
  try {
    return read()
  } catch {
    return otherwise
  }
}
const text = (file: string): string => attempt(() => readFileSync(file, 'utf8'), '')
const link = (file: string): string => attempt(() => readlinkSync(file), '')
const list = (directory: string): string[] => attempt(() => readdirSync(directory), [])

/** Numbers of all processes that carry the mark in their environment. */
export function markedProcesses(mark: string): number[] {
  const wanted = `${MARK}=${mark}`
  return allProcesses().filter((pid) => text(`/proc/${pid}/environ`).split('\0').includes(wanted))
}

/** The same, for those that fork faster than one can look. */
export function survivors(mark: string): number[] {
  for (let look = 0; look < 10; look++) {
    const pids = markedProcesses(mark)
    if (pids.length > 0) return pids
  }
  return []
}

export function allProcesses(): number[] {
  return list('/proc').map(Number).filter(Number.isInteger)
}

export function viewProcess(pid: number): ProcessView {
  const directory = `/proc/${pid}`
  const stat = text(`${directory}/stat`)
    .replace(/^.*\) /s, '')
    .split(' ')
  return {
    pid,
    parent: Number(stat[1] ?? 0),
    commandLine: text(`${directory}/cmdline`).replaceAll('\0', ' '),
    status: readStatus(pid),
    descriptors: list(`${directory}/fd`).map((fd) => link(`${directory}/fd/${fd}`)),
    namespaces: Object.fromEntries(
      list(`${directory}/ns`).map((name) => [name, link(`${directory}/ns/${name}`)]),
    ),
    personality: text(`${directory}/personality`).trim(),
    oomScoreAdjust: text(`${directory}/oom_score_adj`).trim(),
    mounts: text(`${directory}/mountinfo`),
    nice: Number(stat[16] ?? 0),
    policy: Number(stat[38] ?? 0),
    root: link(`${directory}/root`),
    heldLocks: list(`${directory}/fdinfo`).some((fd) =>
      /^lock:.*FLOCK/m.test(text(`${directory}/fdinfo/${fd}`)),
    ),
  }
}

export function readStatus(pid: number): Readonly<Record<string, string>> {
  const lines = text(`/proc/${pid}/status`)
    .split('\n')
    .map((line) => line.split(':\t'))
  return Object.fromEntries(lines.map(([name, value]) => [name, (value ?? '').trim()]))
}

const kib = (status: Readonly<Record<string, string>>, name: string): number =>
  Number.parseInt(status[name] ?? '0', 10) * 1024 || 0

/** All that descends from a process, and what it holds. */
export function descendants(root: number): { pids: number[]; memoryBytes: number; supervisorBytes: number } {
  const parents = new Map<number, number[]>()
  for (const pid of allProcesses()) {
    const parent = Number(
      text(`/proc/${pid}/stat`)
        .replace(/^.*\) /s, '')
        .split(' ')[1] ?? 0,
    )
    parents.set(parent, [...(parents.get(parent) ?? []), pid])
  }
  const pids = [root]
  for (const pid of pids) pids.push(...(parents.get(pid) ?? []))
  pids.shift()
  let memoryBytes = 0
  let supervisorBytes = 0
  for (const pid of pids) {
    const status = readStatus(pid)
    memoryBytes += kib(status, 'RssAnon') + kib(status, 'RssShmem')
    // What it shares with its own file on disk is not held by it.
    if (status.Name === 'skillbox')
      supervisorBytes = Math.max(supervisorBytes, kib(status, 'RssAnon') + kib(status, 'RssShmem'))
  }
  return { pids, memoryBytes, supervisorBytes }
}

/** What the whole host holds of the kinds of memory that are in no process's own account. */
export function sharedBytes(): number {
  const lines = text('/proc/meminfo').matchAll(/^(Shmem|PageTables|SecPageTables):\s+(\d+)/gm)
  return [...lines].reduce((sum, [, , kib]) => sum + Number(kib) * 1024, 0)
}
