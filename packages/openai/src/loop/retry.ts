import { setTimeout as sleep } from 'node:timers/promises'
import { throwIfAborted } from './abort.js'

const FIRST_DELAY_MS = 500
const LAST_DELAY_MS = 8_000

export interface RetryOptions {
  /** How often it is tried again. */
  readonly retries: number
  /** The longest wait that an endpoint may ask for, in milliseconds. */
  readonly maxDelayMs: number
  readonly signal: AbortSignal
  readonly onRetry: (retry: { attempt: number; delayMs: number; reason: string }) => void
}

/** A stream that ended before the answer did. */
export class BrokenStream extends Error {
  override readonly name = 'BrokenStream'
}

/** Tries again, ever later, what may go better another time. The endpoint's own word on when stands first. */
export async function withRetries<Result>(
  attempt: () => Promise<Result>,
  { retries, maxDelayMs, signal, onRetry }: RetryOptions,
): Promise<Result> {
  for (let failures = 1; ; failures += 1) {
    try {
      return await attempt()
    } catch (error) {
      throwIfAborted(signal)
      const delayMs = Math.max(0, askedDelay(error) ?? growingDelay(failures))
      if (failures > retries || !mayGoBetter(error) || delayMs > maxDelayMs) throw error
      onRetry({ attempt: failures, delayMs, reason: error instanceof Error ? error.message : String(error) })
      // its own rejection when aborted has another name
      await sleep(delayMs, undefined, { signal }).catch(() => throwIfAborted(signal))
    }
  }
}

/** How long the endpoint asks to wait, in milliseconds. */
export function askedDelay(error: unknown): number | undefined {
  const headers = (error as { headers?: { get?: (name: string) => string | null } } | null)?.headers
  const header = (name: string) => headers?.get?.(name) ?? undefined
  const milliseconds = Number.parseFloat(header('retry-after-ms') ?? '')
  if (Number.isFinite(milliseconds)) return milliseconds
  const text = header('retry-after')
  if (text === undefined) return undefined
  const delay = /^\s*[\d.]+\s*$/.test(text) ? Number(text) * 1000 : Date.parse(text) - Date.now()
  return Number.isFinite(delay) ? delay : undefined
}

/** With some chance in it, so that many clients do not come back all at once. */
function growingDelay(failures: number): number {
  return Math.min(FIRST_DELAY_MS * 2 ** (failures - 1), LAST_DELAY_MS) * (0.75 + Math.random() / 4)
}

function mayGoBetter(error: unknown): boolean {
  if (error instanceof BrokenStream) return true
  if (typeof error !== 'object' || error === null || !('status' in error)) return false
  const { status } = error
  // the client's errors of the connection have a status too, without a value
  if (status === undefined) return true
  return typeof status === 'number' && (status === 408 || status === 409 || status === 429 || status >= 500)
}
