import type { OptionLayer } from '../policy/option-layers.js'
import type { PolicyOptions } from '../policy/policy-options.js'
import type { DependencyOptions } from '../runtime/dependencies/dependency-options.js'
import type { Diagnostic } from '../skill/skill-info.js'
import type { ConfigGrants } from './config.js'

/** All that sources of different rank may say about a run. */
export type LayeredOptions = PolicyOptions & DependencyOptions & Pick<ConfigGrants, 'backend'>

/** A configuration, checked; its paths are absolute. */
export interface LoadedConfig {
  /** Without it, the configuration was given by a program. */
  readonly file?: string
  readonly skillsDir?: readonly string[]
  readonly discover?: boolean
  readonly approvals?: string
  readonly concurrency?: number
  /** Values of variables from the file `.env` beside the configuration. */
  readonly variables: NodeJS.ProcessEnv
  /** What it says of a skill, the strongest first. */
  layers(skill: string | undefined): readonly OptionLayer<LayeredOptions>[]
  /** What it says of skills that are not among those. */
  diagnostics(skills: readonly string[]): readonly Diagnostic[]
}
