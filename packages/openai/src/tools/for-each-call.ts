import { quote, SkillLiteError } from '@skilllite/core'

/**
 * Answers all, in order, with at most `concurrency` at the same time. After a failure no further one is begun; it rejects
 * with the first when those that were begun have ended, so that nothing runs on behind the caller's back.
 */
export async function forEachCall<Call, Answer>(
  calls: readonly Call[],
  answer: (call: Call) => Promise<Answer>,
  concurrency: number = Math.max(1, calls.length),
): Promise<Answer[]> {
  if (!Number.isInteger(concurrency) || concurrency < 1) {
    throw new SkillLiteError(
      'OPTION_INVALID',
      `concurrency must be a whole number from 1, got ${quote(concurrency)}`,
      'Leave it out to begin all calls at once.',
    )
  }
  const answers = new Array<Answer>(calls.length)
  const waiting = calls.entries()
  let failure: { readonly error: unknown } | undefined
  const work = async (): Promise<void> => {
    for (const [index, call] of waiting) {
      if (failure !== undefined) return
      try {
        answers[index] = await answer(call)
      } catch (error) {
        failure ??= { error }
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(concurrency, calls.length) }, work))
  if (failure !== undefined) throw failure.error
  return answers
}
