// Runs one command line, watches its process tree from outside and leaves nothing of it behind.
import { spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { killNow, processesWith, sharedBytes } from './process-table.mjs'

const KEPT_BYTES = 4 * 1024 * 1024
const SAMPLE_MS = 100

/**
 * @param command `{ argv, env, cwd }`
 * @param mark text in the command line of every process that counts
 * @returns output, how it ended, and the peaks of what the tree held and burned
 */
export async function launch(command, { mark, hardLimitMs = 25_000, watch = false }) {
  const [program, ...args] = command.argv
  const started = performance.now()
  const child = spawn(program, args, {
    cwd: command.cwd,
    env: command.env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const output = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr']) {
    child[name].setEncoding('utf8').on('data', (text) => {
      if (output[name].length < KEPT_BYTES) output[name] += text
    })
  }
  const ended = new Promise((resolve) => {
    child.on('error', (error) => resolve({ problem: error.message }))
    child.on('exit', (code, signal) => resolve({ code, signal }))
  })
  const peaks = { processes: 0, heldBytes: 0, sharedBytes: 0, cpuSeconds: 0, lastAliveSeconds: 0 }
  const sharedBefore = sharedBytes()
  const sample = () => {
    const alive = processesWith(mark)
    const sum = (field) => alive.reduce((total, one) => total + one[field], 0)
    peaks.processes = Math.max(peaks.processes, alive.length)
    peaks.heldBytes = Math.max(peaks.heldBytes, sum('heldBytes'))
    peaks.sharedBytes = Math.max(peaks.sharedBytes, sharedBytes() - sharedBefore)
    peaks.cpuSeconds = Math.max(peaks.cpuSeconds, sum('cpuSeconds'))
    if (alive.length > 0) peaks.lastAliveSeconds = (performance.now() - started) / 1000
  }
  const sampling = watch ? setInterval(sample, SAMPLE_MS) : undefined
  const overdue = sleep(hardLimitMs, { overdue: true }, { ref: false })
  const end = await Promise.race([ended, overdue])
  clearInterval(sampling)
  // long enough for the kernel to end what a sandbox has told it to end
  if (watch) await sleep(300)
  const left = processesWith(mark).length
  await killTree(child.pid, mark)
  return { ...output, ...end, peaks, left, seconds: (performance.now() - started) / 1000 }
}

async function killTree(pid, mark) {
  // a bomb may fork while it is being killed
  for (let round = 0; round < 20; round++) {
    if (pid !== undefined) killNow(-pid)
    const alive = processesWith(mark)
    if (alive.length === 0) return
    for (const one of alive) killNow(one.pid)
    await sleep(50)
  }
}
