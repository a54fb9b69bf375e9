/**
 * A queue for questions to a person: calls of a model run side by side, but nobody can answer two questions at once. Each
 * is asked when the one before it has been answered, or has failed.
 */
export function inTurn(): <Answer>(ask: () => Answer | Promise<Answer>) => Promise<Answer> {
  let last: Promise<unknown> = Promise.resolve()
  return (ask) => {
    const next = last.then(ask)
    last = next.catch(() => {})
    return next
  }
}
