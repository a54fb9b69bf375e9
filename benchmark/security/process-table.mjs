// What the host's kernel says about processes, from outside of every sandbox.
import { readdirSync, readFileSync } from 'node:fs'

const TICKS_PER_SECOND = 100

/** Live processes whose command line holds `mark`, except this one. */
export function processesWith(mark) {
  const found = []
  for (const pid of readdirSync('/proc')) {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) continue
    const commandLine = read(`/proc/${pid}/cmdline`)
    if (!commandLine.includes(mark)) continue
    const stat = read(`/proc/${pid}/stat`)
    // the name in brackets may hold anything, so fields are counted after it
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    if (fields[0] === 'Z' || fields.length < 20) continue
    const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0)
    found.push({ pid: Number(pid), cpuSeconds: ticks / TICKS_PER_SECOND, heldBytes: heldBytes(pid) })
  }
  return found
}

/** Anonymous and shared memory; files that are mapped cost nothing of their own. */
function heldBytes(pid) {
  const status = read(`/proc/${pid}/status`)
  return kilobytes(status, 'RssAnon') + kilobytes(status, 'RssShmem')
}

/** Memory of the whole host in tmpfs, memfd and shared memory, mapped or not. */
export const sharedBytes = () => kilobytes(read('/proc/meminfo'), 'Shmem')

function kilobytes(text, field) {
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? 0) * 1024
}

function read(file) {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    // it has ended
    return ''
  }
}

/** A negative number means a process group. */
export function killNow(pid) {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // it has ended
  }
}
