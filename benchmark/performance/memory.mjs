import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

/** Peak resident memory, in KiB, of a command's own process while what it runs is alive. */
export async function peakResidentKib(argv, env, millisecondsAlive) {
  const child = spawn(argv[0], argv.slice(1), { env, stdio: ['pipe', 'ignore', 'ignore'] })
  const ended = new Promise((resolve) => child.on('close', resolve))
  await sleep(millisecondsAlive)
  const peak = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]
  // the script waits for its input
  child.stdin.end('{"numbers": [1]}')
  await ended
  return Number(peak)
}
