import type { PolicyOptions } from '../policy/policy-options.js'
import type { Backend } from '../sandbox/backend.js'

/** What a configuration file may say of runs. As {@link PolicyOptions}, but of variables it holds the names only. */
export interface ConfigGrants extends Omit<PolicyOptions, 'env' | 'cwd'> {
  /** Names of variables for the script; their values are the host's own, or those of the file `.env` beside this one.
   *  @default [] */
  readonly env?: readonly string[]
  /** How the sandbox is enforced.
   *  @default the strongest that works */
  readonly backend?: Backend
  /** Whether packages that a skill declares are installed for it.
   *  @default 'deny' */
  readonly dependencies?: 'deny' | 'ask' | 'allow'
}

/** A configuration file, `skilllite.config.ts` or the like. Relative paths start at the file. */
export interface SkillLiteConfig {
  /** Skill directories, or directories that hold skill directories.
   *  @default the usual places of the project and of the user */
  readonly skillsDir?: string | readonly string[]
  /** Also looks at the usual places where `skillsDir` is given.
   *  @default false */
  readonly discover?: boolean
  /** File for approvals that are to be remembered.
   *  @default `.skilllite/approvals.json` for the command, none for a program */
  readonly approvals?: string
  /** Runs at the same time.
   *  @default twice the number of cores */
  readonly concurrency?: number
  /** For every skill.
   *  @default {} */
  readonly defaults?: ConfigGrants
  /** For single skills, by name; each option stands before that of `defaults`.
   *  @default {} */
  readonly skills?: Readonly<Record<string, ConfigGrants>>
}

/** A configuration as it was given: for the types of an editor. */
export function defineConfig(config: SkillLiteConfig): SkillLiteConfig {
  return config
}
