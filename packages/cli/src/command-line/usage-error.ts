/** Wrong usage of the command line. The message says what is wrong, the hint what to write instead. */
export class UsageError extends Error {
  override readonly name = 'UsageError'

  constructor(
    message: string,
    readonly hint?: string,
  ) {
    super(message)
  }
}
