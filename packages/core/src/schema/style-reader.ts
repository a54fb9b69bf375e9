import type { ScriptInterface } from './parameter.js'
import type { ScriptSource } from './script-source.js'

/**
 * Looks for one style of taking arguments in a script; nothing where the script does not use it. A reader may throw
 * for what it did not foresee: that becomes a diagnostic, and the next reader is asked.
 */
export interface StyleReader {
  /** For diagnostics: `argparse`, `getopts`. */
  readonly style: string
  readonly read: (script: ScriptSource) => ScriptInterface | undefined | Promise<ScriptInterface | undefined>
}

/** How scripts of one language are read. */
export interface LanguageReader {
  /** In the order of their evidence, strongest first; the first that finds something is believed. */
  readonly styles: readonly StyleReader[]
  /** What the script says of itself. */
  readonly describe: (script: ScriptSource) => string | undefined
  /** Environment variables that the script (with its own modules) reads. */
  readonly needs: (script: ScriptSource) => readonly string[] | Promise<readonly string[]>
}
