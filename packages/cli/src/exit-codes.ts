/** Exit statuses of the command. A script's own code passes through `run` and `exec` unchanged. */
export const ExitCode = {
  ok: 0,
  /** `validate` found errors, `doctor` found that nothing would run. */
  failed: 1,
  /** Wrong usage of the command line: nothing was looked at. */
  usage: 2,
  /** Time or CPU limit. */
  time: 124,
  /** SkillLite itself failed; a message says how. */
  failure: 125,
  /** Refused, or approval is needed. */
  refused: 126,
  /** No such skill or script. */
  notFound: 127,
  /** 128 + N: ended by signal N. */
  signal: 128,
  /** Memory limit. */
  memory: 137,
} as const

/** Numbers of the signals that end the command itself. */
export const signalNumbers = { SIGHUP: 1, SIGINT: 2, SIGPIPE: 13, SIGTERM: 15 } as const
