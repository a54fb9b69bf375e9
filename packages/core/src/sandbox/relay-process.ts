import { type ChildProcess, spawn } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'
import { onAbort } from './on-abort.js'

/** Time for pipes to close after the process has ended; a child that it left behind may hold them for ever. */
const DRAIN_MS = 500
/** Time to end after SIGTERM. */
const TERM_MS = 5_000

/** A process with all that goes in and comes out. */
export interface ProcessPlan {
  readonly program: string
  readonly args: readonly string[]
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  /** `group`: the process and its children are killed at once. `process`: it is asked first, and ends its own. */
  readonly ends: 'group' | 'process'
  /** By descriptor: what is written there, before it is closed. */
  readonly input: Readonly<Record<number, string | Uint8Array>>
  /** By descriptor: who gets what is read there. One that throws ends the run, which then rejects with the error. */
  readonly output: Readonly<Record<number, (chunk: Buffer) => void>>
  readonly signal?: AbortSignal | undefined
  readonly timeoutMs: number
  /** Called when the time is over or the caller cancels, before the process is ended. */
  readonly onStop: (why: 'overdue' | 'cancelled') => void
  /** What is thrown where nothing could be started. */
  readonly startFailure: (error: Error) => Error
}

export interface ProcessEnd {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

/** A running process, for those who hear its output. */
export interface RunningProcess {
  /** Nothing where it was not started; `ended` then rejects. */
  readonly pid?: number | undefined
  readonly ended: Promise<ProcessEnd>
  stop(): void
}

/** Feeds and drains a process until it has ended, whatever it does with its pipes. */
export function relayProcess(plan: ProcessPlan): RunningProcess {
  let child: ChildProcess
  try {
    child = start(plan)
  } catch (error) {
    return { ended: Promise.reject(plan.startFailure(error as Error)), stop: () => {} }
  }
  let failure: unknown
  let patience: NodeJS.Timeout | undefined
  const stop = (): void => {
    if (plan.ends === 'group') killGroup(child)
    else {
      child.kill('SIGTERM')
      patience ??= setTimeout(() => child.kill('SIGKILL'), TERM_MS)
    }
  }
  const ended = new Promise<ProcessEnd>((resolve, reject) => {
    // First of all: where nothing was started there are no streams either, and an unheard error ends the engine.
    child.on('error', (error) => {
      if (child.pid !== undefined) failure ??= error
      else reject(plan.startFailure(error))
    })
    if (child.pid === undefined) return
    for (const [descriptor, data] of Object.entries(plan.input))
      send(child.stdio[+descriptor] as Writable, data)
    for (const [descriptor, listener] of Object.entries(plan.output)) {
      const stream = child.stdio[+descriptor] as Readable
      stream.on('error', () => {})
      stream.on('data', (chunk: Buffer) => {
        try {
          listener(chunk)
        } catch (error) {
          // Who listened is no longer interested in the run.
          failure ??= error
          stop()
        }
      })
    }
    const timer = setTimeout(() => {
      plan.onStop('overdue')
      if (plan.ends === 'group') killGroup(child)
      else child.kill('SIGKILL')
    }, plan.timeoutMs)
    const cancel = (): void => {
      plan.onStop('cancelled')
      stop()
    }
    const forget = onAbort(plan.signal, cancel)
    if (plan.signal?.aborted === true) cancel()

    let drain: NodeJS.Timeout | undefined
    child.on('exit', () => {
      if (plan.ends === 'group') killGroup(child)
      // Once more round the event loop: when the host itself was busy for that long, nothing has been read yet.
      drain = setTimeout(() => setImmediate(() => child.stdio.map((stream) => stream?.destroy())), DRAIN_MS)
    })
    child.on('close', (code, signal) => {
      for (const each of [timer, patience, drain]) clearTimeout(each)
      forget()
      if (failure === undefined) resolve({ code, signal })
      else reject(failure)
    })
  })
  return { pid: child.pid, ended, stop }
}

function start({ program, args, cwd, env, ends, input, output }: ProcessPlan): ChildProcess {
  const descriptors = Math.max(...[...Object.keys(input), ...Object.keys(output)].map(Number)) + 1
  return spawn(program, args, {
    cwd,
    env: { ...env },
    detached: ends === 'group',
    stdio: Array<'pipe'>(descriptors).fill('pipe'),
  })
}

function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // The group is gone already.
  }
}

/** Writes all and closes. The other side may end without reading it, which is no fault. */
function send(stream: Writable, data: string | Uint8Array): void {
  stream.on('error', () => {})
  stream.end(data)
}
