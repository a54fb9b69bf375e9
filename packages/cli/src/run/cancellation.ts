import { ExitCode, signalNumbers } from '../exit-codes.js'

type Cancelling = 'SIGINT' | 'SIGTERM' | 'SIGHUP' | 'SIGPIPE'

/** Ends a run when the command is told to end, and remembers by which signal. */
export interface Cancellation {
  readonly signal: AbortSignal
  /** Cancels as that signal would. */
  readonly cancel: (by: Cancelling) => void
  /** Whether nobody reads our output any more: there is nobody to tell anything. */
  readonly unheard: () => boolean
  /** Exit status of a cancelled run; undefined where nothing cancelled it. */
  readonly exitCode: () => number | undefined
  /** Hands the signals back to the system. */
  readonly release: () => void
}

export function cancelOnSignals(): Cancellation {
  const controller = new AbortController()
  let by: Cancelling | undefined
  const cancel = (name: Cancelling) => {
    // whoever asks twice does not want to wait; the sandbox ends its tree when we are gone
    if (by !== undefined && name !== 'SIGPIPE') process.exit(ExitCode.signal + signalNumbers[name])
    by ??= name
    controller.abort()
  }
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  for (const name of signals) process.on(name, cancel)
  return {
    signal: controller.signal,
    cancel,
    unheard: () => by === 'SIGPIPE',
    exitCode: () => (by === undefined ? undefined : ExitCode.signal + signalNumbers[by]),
    release: () => {
      for (const name of signals) process.off(name, cancel)
    },
  }
}
