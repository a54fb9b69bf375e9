/** Wrong usage of the command line. The message says what is wrong, the hint what to write instead. */
export class UsageError extends Error {
  override readonly name = 'UsageError'

  constructor(
    message: string,
    readonly hint?: string,
  ) {
    super(message)
  }

  /** By name, not by class: the build has a copy in each of its files. */
  static is(error: unknown): error is UsageError {
    return error instanceof Error && error.name === 'UsageError'
  }
}
