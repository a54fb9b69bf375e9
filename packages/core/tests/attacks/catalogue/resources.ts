import { readdirSync, statSync } from 'node:fs'
import path from 'node:path'
import type { Attempt, Effect, Seen } from '../attempt.js'
import { all, endsAs, grows, seenAtReady } from '../effects.js'
import { attempts } from './make.js'

const attempt = attempts('resources')
const MiB = 1024 * 1024
/** What is allowed, and what is asked for. */
const ALLOWED = 96
const ASKED = 448

/** The amount was held in spite of the limit, or the run ended with another word. */
const memory = {
  watch: true,
  env: () => ({ A_MIB: String(ASKED) }),
  options: () => ({ limits: { memoryBytes: ALLOWED * MiB, tempBytes: 1024 * MiB, outputBytes: 1024 * MiB } }),
  bare: { effect: grows(ALLOWED), env: { A_MIB: '300' }, timeoutMs: 15_000 },
} as const
const holdsMemory = all(grows(ALLOWED), endsAs('memory'))
const reachesReady: Effect = ({ atReady }) => (atReady === undefined ? undefined : 'it came to its end')
/** Kernel objects: the limit may also be that there are no more of them. */
const ALLOWED_FOR_OBJECTS = 48
const holdsObjects = grows(ALLOWED_FOR_OBJECTS)
/** One process with so many descriptors that each of them counts. */
const objects = {
  ...memory,
  options: () => ({
    limits: { ...memory.options().limits, memoryBytes: ALLOWED_FOR_OBJECTS * MiB, files: 20_000 },
  }),
  bare: { effect: reachesReady, timeoutMs: 15_000 },
} as const

const atReady: Effect = ({ atReady, result }) =>
  atReady === undefined
    ? undefined
    : `it came to its end${result === undefined ? '' : `: ${JSON.stringify(result.end)}`}`
const reaches = (...kinds: readonly string[]): Effect => all(atReady, endsAs(...kinds))
const many: Effect = ({ peak, atReady = [] }) => {
  const threads = atReady.reduce((sum, { status }) => sum + Number(status.Threads ?? 0), 0)
  const count = Math.max(threads, peak.processes)
  return count > 100 ? `there were ${count} processes and threads, of which 64 are allowed` : undefined
}
/** The scripts measure the time that they have used, not the time that went by: others may use the processor too. */
const processor = (ms: number) => ({ limits: { cpuMs: ms, wallMs: 20_000 } })
const cpu = { options: () => processor(500), bare: { effect: atReady, timeoutMs: 20_000 } } as const

const outputOf = ({ result, stdout, text }: Seen): number => {
  if (result === undefined) return Math.max(stdout.length, text.length)
  return result.stdout.length + result.stderr.length
}
const floods: Effect = (seen) => {
  const bytes = outputOf(seen)
  if (bytes > 3 * MiB) return `${bytes} bytes of output were kept`
  const supervisor = seen.peak.supervisorBytes / MiB
  return supervisor > 8 ? `the supervisor held ${supervisor} MiB` : endsAs('output')(seen)
}
const flood = { watch: true } as const

const diskOf = (directory: string): number => {
  let blocks = 0
  for (const entry of readdirSync(directory, { withFileTypes: true, recursive: true }))
    if (entry.isFile()) blocks += statSync(path.join(entry.parentPath, entry.name)).blocks
  return blocks * 512
}
const fills =
  (mebibytes: number): Effect =>
  ({ world }) => {
    const held = diskOf(world.temp) / MiB
    return held > mebibytes ? `${Math.round(held)} MiB of the host's disk were filled` : undefined
  }
const apparent: Effect = ({ world }) => {
  let bytes = 0
  for (const entry of readdirSync(world.temp, { withFileTypes: true, recursive: true }))
    if (entry.isFile()) bytes += statSync(path.join(entry.parentPath, entry.name)).size
  return bytes > 100 * MiB ? `files of ${Math.round(bytes / MiB)} MiB were left` : undefined
}
const inodes: Effect = ({ world }) => {
  const count = readdirSync(world.temp, { recursive: true }).length
  return count > 10_000 ? `${count} files were left` : undefined
}
const small = () => ({ limits: { outputBytes: 8 * MiB, memoryBytes: 256 * MiB } })
const descriptors = seenAtReady(
  'a process held 1,000 descriptors',
  ({ descriptors }) => descriptors.length > 1_000,
)
/** Whether somebody else can lock it, asked while the script holds it. */
const locks = seenAtReady("a host's file cannot be locked", ({ heldLocks }) => heldLocks)
const supervisorStays: Effect = ({ peak }) =>
  peak.supervisorBytes > 8 * MiB ? `the supervisor held ${peak.supervisorBytes} bytes` : undefined

export const RESOURCES: readonly Attempt[] = [
  attempt('heap.py', 'fills its heap (Python)', holdsMemory, memory),
  attempt('heap.mjs', 'fills buffers (Node)', holdsMemory, memory),
  attempt('script-heap.mjs', 'fills the heap of JavaScript', holdsMemory, memory),
  attempt(
    'many-processes.py',
    'fills the heaps of many processes, each within the limit',
    holdsMemory,
    memory,
  ),
  attempt('shared-anonymous.py', 'fills shared memory without a name', holdsMemory, memory),
  attempt('shared-dropped.py', 'fills shared memory that is in no page table any more', holdsMemory, memory),
  attempt('shared-tail.py', 'fills shared memory of which it keeps one page each', holdsMemory, memory),
  // It may not be opened for writing, or not at all.
  attempt(
    'shared-zero.py',
    'fills shared mappings of /dev/zero',
    all(grows(ALLOWED), endsAs('memory', 'exited')),
    memory,
  ),
  attempt('temporary-files.py', 'fills all private file systems together', holdsMemory, memory),
  attempt('deleted-files.py', 'fills deleted files that it keeps open', holdsMemory, memory),
  attempt('memfd.py', 'fills a file in memory', holdsObjects, memory),
  attempt('pipes.py', 'fills pipes', holdsObjects, objects),
  attempt('socket-buffers.py', "fills sockets' buffers", holdsObjects, objects),
  attempt('in-flight.py', 'fills pipes that are on their way through sockets', holdsObjects, {
    ...objects,
    needs: { words: 'a high limit of open files' },
  }),
  attempt('page-tables.py', 'fills page tables', holdsMemory, memory),
  attempt('threads.py', 'starts many threads', all(many, endsAs('pids', 'exited')), {
    watch: true,
    bare: { effect: many },
  }),
  attempt('fork-bomb.py', 'forks without end (Python)', all(many, endsAs('pids')), {
    watch: true,
    bare: { effect: many, timeoutMs: 15_000 },
  }),
  attempt('fork-bomb.sh', 'forks without end (sh)', all(many, endsAs('pids', 'exited')), {
    watch: true,
    bare: { without: 'the bomb of the line before shows what it would do' },
  }),
  attempt('spin.py', 'burns processor time (Python)', reaches('cpu'), cpu),
  attempt('spin.mjs', 'burns processor time (Node)', reaches('cpu'), cpu),
  attempt('spin.sh', 'burns processor time (sh)', reaches('cpu'), cpu),
  attempt('spin-children.py', 'burns processor time in many short processes', reaches('cpu'), cpu),
  attempt(
    'spin-unwaited.py',
    'burns processor time in short processes that nobody waits for',
    reaches('cpu'),
    cpu,
  ),
  attempt('sleep.py', 'sleeps past its time (Python)', reaches('time'), {
    options: () => ({ limits: { wallMs: 600 } }),
  }),
  attempt('fill-output.py', 'fills the disk through the output directory', fills(9), { options: small }),
  attempt('fill-unseen.py', 'fills the disk behind closed and endless directories', fills(60), {
    options: small,
    bare: { without: 'it would leave paths that nothing here can remove' },
  }),
  attempt('sparse-output.py', 'leaves sparse files larger than the disk', apparent, { options: small }),
  attempt('many-files.py', 'leaves 12,000 files', inodes, { options: small }),
  attempt('open-files.py', 'opens 2,000 files', descriptors),
  attempt('flood.py', 'floods stdout (Python)', floods, flood),
  attempt('flood.mjs', 'floods stdout (Node)', floods, flood),
  attempt('flood.sh', 'floods stdout (sh)', floods, flood),
  attempt('flood-errors.py', 'floods stderr', floods, flood),
  attempt('endless-line.py', 'prints a line without end', floods, flood),
  attempt('timers.py', 'makes 3,000 timers', atReady),
  attempt('inotify.py', 'watches files with inotify', atReady),
  attempt('lock-host-file.py', "locks a host's file that it may read", locks),
  attempt(
    'refused-calls.py',
    'makes refused calls as fast as it can',
    all(supervisorStays, endsAs('exited')),
    {
      watch: true,
      bare: { without: 'without a sandbox nothing is refused' },
    },
  ),
]
