import { quote, SkillLiteError } from '../../errors.js'
import { BASE_RULES } from './base-rules.js'

/** What a run may touch, in real paths of the host: exactly what the profile will say, in its order. */
export interface SeatbeltAccess {
  /** Files that may be executed: the interpreter first, then granted programs. */
  readonly execute: readonly string[]
  /** Whether it may start processes besides the one that it is. */
  readonly fork: boolean
  /** Where a rule is about what lies in another one's path, it comes later, and the last that fits decides. */
  readonly files: readonly FileRule[]
  /** Directories whose name must stay, because what lies in them must not be moved away. */
  readonly keep: readonly string[]
  /** Links and directories that a lookup passes through: only that they are there can be asked. */
  readonly pass: readonly string[]
}

export interface FileRule {
  readonly path: string
  readonly kind: 'file' | 'directory'
  readonly mode: 'ro' | 'rw'
  /** Whether code in it may be mapped as such. */
  readonly code: boolean
}

/** A profile of `sandbox-exec`: its text, and the values of its parameters. */
export interface SeatbeltProfile {
  readonly text: string
  /** For `-D NAME=VALUE`. */
  readonly parameters: readonly (readonly [name: string, value: string])[]
}

/**
 * Writes down what a run may touch in Apple's profile language: everything is refused that is not named. Paths are
 * parameters and never part of the text, so that there is nothing in it for a quote or a parenthesis to end.
 */
export function seatbeltProfile(access: SeatbeltAccess): SeatbeltProfile {
  const parameters = new Map<string, string>()
  const parameter = (path: string): string => {
    const name = parameters.get(path) ?? `P${parameters.size}`
    parameters.set(checkedPath(path), name)
    return `(param "${name}")`
  }
  const literals = (paths: readonly string[]): string =>
    paths.map((path) => ` (literal ${parameter(path)})`).join('')
  const rule = (action: string, operations: string, filters: string): string[] =>
    filters === '' ? [] : [`(${action} ${operations}${filters})`]

  const lines = [
    ...BASE_RULES,
    ...rule('allow', 'process-exec', literals(access.execute)),
    ...(access.fork ? ['(allow process-fork)', '(allow signal (target children))'] : []),
    ...rule('allow', 'file-read-metadata', literals(access.pass)),
    ...access.files.flatMap(({ path, kind, mode, code }) => {
      const filter = ` (${kind === 'file' ? 'literal' : 'subpath'} ${parameter(path)})`
      return [
        `(allow file-read*${filter})`,
        `(${mode === 'rw' ? 'allow' : 'deny'} file-write*${filter})`,
        `(${code ? 'allow' : 'deny'} file-map-executable${filter})`,
      ]
    }),
    ...rule('deny', 'file-write-unlink', literals(access.keep)),
    // Last, so that nothing above undoes them. A hard link would give a file that may be read a name that may be written.
    '(deny file-link)',
    '(deny file-write-setugid)',
    '(deny network*)',
  ]
  return { text: `${lines.join('\n')}\n`, parameters: [...parameters].map(([path, name]) => [name, path]) }
}

/** A rule that does not fit what the kernel calls a file is no rule; where it refuses something, that is a hole. */
function checkedPath(path: string): string {
  const parts = path.split('/')
  const plain = path === '/' || parts.slice(1).every((part) => part !== '' && part !== '.' && part !== '..')
  if (path.startsWith('/') && plain && !/[\p{Cc}\p{Surrogate}]/u.test(path)) return path
  throw new SkillLiteError(
    'OPTION_INVALID',
    `The path ${quote(path, 200)} cannot be named to the sandbox of macOS`,
    'Use an absolute path without control characters, "." and "..".',
  )
}
