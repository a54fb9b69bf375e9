import { quote, SkillLiteError } from '../errors.js'
import { isPlainText } from './plain-text.js'

/** Variables that the sandbox sets itself. */
const RESERVED_VARIABLES: ReadonlySet<string> = new Set(['PATH', 'HOME', 'LANG', 'TZ', 'TMPDIR'])

/**
 * Variables through which a value becomes code in the interpreter or loader. A host that wants one of them wants
 * something else done by other means.
 */
const loaderVariable =
  /^(LD_|DYLD_|GLIBC_TUNABLES$|BASH_ENV$|BASH_FUNC_|ENV$|NODE_OPTIONS$|PYTHON(STARTUP|HOME|PATH|INSPECT)$)/

/** The values of variables that a host gives to a script. `true` takes the host's own value. No message shows a value. */
export function resolveEnvironment(
  given: Readonly<Record<string, string | true>> | undefined,
  host: NodeJS.ProcessEnv,
): Readonly<Record<string, string>> {
  const environment: Record<string, string> = {}
  for (const [name, value] of Object.entries(given ?? {})) {
    checkVariableName(name)
    const text: unknown = value === true ? host[name] : value
    if (value === true && text === undefined) {
      throw invalid(`env passes ${name} on, but it is not set`, `Set ${name}, or give its value.`)
    }
    if (typeof text !== 'string' || !isPlainText(text)) {
      throw invalid(
        `env.${name} must be text without NUL`,
        `Give ${name} a string, or true for the host's own value.`,
      )
    }
    environment[name] = text
  }
  return Object.freeze(environment)
}

/** Throws `OPTION_INVALID` for a name that no script can be given. */
export function checkVariableName(name: string): void {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
    // Who writes NAME=VALUE for a name has written a secret.
    const shown = quote(name.split('=', 1)[0])
    throw invalid(`env has the name ${shown}, which is not one for a variable`, 'Use letters, digits and _.')
  }
  if (RESERVED_VARIABLES.has(name) || name.startsWith('SKILL_')) {
    throw invalid(`env cannot set ${name}: the sandbox sets it itself`, 'Use another name.')
  }
  if (loaderVariable.test(name)) {
    throw invalid(`env cannot set ${name}: it would change what code is loaded`, 'Leave it out.')
  }
}

/** Whether a script can be given a variable of that name. */
export function isGrantable(name: string): boolean {
  try {
    checkVariableName(name)
    return true
  } catch {
    return false
  }
}

const invalid = (message: string, hint: string): SkillLiteError =>
  new SkillLiteError('OPTION_INVALID', message, hint)
