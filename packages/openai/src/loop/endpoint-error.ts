import { quote, SkillLiteError } from '@skilllite/core'
import { askedDelay } from './retry.js'

/** What went wrong with a request, with what to do about it. */
export function endpointError(error: unknown, baseURL: string, model: string): unknown {
  if (SkillLiteError.is(error) || !(error instanceof Error)) return error
  const { status } = error as { status?: unknown }
  const answered = typeof status === 'number' ? `answered with status ${status}` : 'could not be asked'
  return new SkillLiteError(
    'ENDPOINT_FAILED',
    `${baseURL} ${answered}: ${quote(causeOf(error), 300)}`,
    hintFor(status, error, model),
    { cause: error },
  )
}

/** A failed connection says why in its cause. */
function causeOf(error: Error): string {
  const { cause } = error
  const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause
  return inner instanceof Error && inner.message !== ''
    ? `${error.message} (${inner.message})`
    : error.message
}

function hintFor(status: unknown, error: Error, model: string): string {
  const wait = askedDelay(error)
  if (wait !== undefined && wait > 0) return `It asks to wait ${Math.ceil(wait / 1000)} s.`
  switch (status) {
    case 401:
    case 403:
      return 'Check the key, and that it is for this endpoint.'
    case 404:
      return `Check the base URL, and that it has the model ${quote(model)}.`
    case 400:
    case 422:
      return `Check that the model ${quote(model)} can call tools, and the fields of the request.`
    case 429:
      return 'It was asked too often, or the account is used up. Try again later.'
    default:
      return typeof status === 'number'
        ? 'The endpoint has a problem of its own. Try again later.'
        : 'Check the base URL, and that the endpoint can be reached from here.'
  }
}
