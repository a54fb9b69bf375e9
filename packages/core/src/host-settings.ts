import path from 'node:path'
import type { SkillLiteConfig } from './config/config.js'
import { findConfig } from './config/find-config.js'
import type { LayeredOptions, LoadedConfig } from './config/loaded-config.js'
import type { CatalogOptions } from './load-catalog.js'
import { resolveEnvironment } from './policy/environment.js'
import { mergeLayers, type OptionLayer, type OptionOrigins, originsOf } from './policy/option-layers.js'
import { askedNames, askProvider, type Secrets, secretsOf } from './policy/secrets.js'
import { isSecretName } from './scan/text/secret-path.js'
import type { SkillInfo } from './skill/skill-info.js'

type Layer = OptionLayer<LayeredOptions>

/** Variables of a run, with their values. */
export interface RunVariables {
  readonly environment: Readonly<Record<string, string>>
  /** Those that are replaced in all that is told of the run. */
  readonly hidden: Readonly<Record<string, string>>
}

/** Everything that a host has said about runs, by rank: a call, `load`, `secrets`, the configuration. */
export class HostSettings {
  constructor(
    private readonly load: LayeredOptions,
    private readonly secrets: Secrets | undefined,
    readonly config: LoadedConfig | undefined,
  ) {}

  /** What holds for a run of a skill; without one, for what no skill is needed for. */
  options(skill: Pick<SkillInfo, 'name'> | undefined, call: LayeredOptions): LayeredOptions {
    return mergeLayers(this.layers(skill, call))
  }

  /** Where each of these options comes from. */
  origins(skill: SkillInfo, call: LayeredOptions): OptionOrigins {
    const asked = this.asked(skill, this.options(skill, call).env)
    const names = asked.map((name) => [`env.${name}`, 'the provider of secrets'])
    return { ...originsOf(this.layers(skill, call)), ...Object.fromEntries(names) }
  }

  /** Where variables that are granted by name have their values. */
  get variables(): NodeJS.ProcessEnv {
    const { config } = this
    return config === undefined ? process.env : { ...config.variables, ...process.env }
  }

  /** Names of the variables that the provider of secrets will be asked for. */
  asked(skill: Pick<SkillInfo, 'name' | 'runtime'>, env: LayeredOptions['env']): readonly string[] {
    return typeof this.secrets === 'function' ? askedNames(skill, env) : []
  }

  /** The variables of one run, with their values; and those of them that are to be shown nowhere. */
  async environment(skill: SkillInfo, { env, redact }: LayeredOptions): Promise<RunVariables> {
    const given = resolveEnvironment(env, this.variables)
    const { secrets } = this
    const answered =
      typeof secrets === 'function' ? await askProvider(secrets, skill.name, this.asked(skill, env)) : {}
    const environment = { ...given, ...resolveEnvironment(answered, {}) }
    const own = secretsOf(secrets, skill.name)
    // What a host writes out under a name that speaks of no secret is a setting: MODE=production is no word to hide.
    const isSetting = (name: string): boolean =>
      typeof env?.[name] === 'string' && !Object.hasOwn(own, name) && !isSecretName(name)
    const hidden = Object.entries(environment).filter(([name]) => redact !== false && !isSetting(name))
    return { environment, hidden: Object.fromEntries(hidden) }
  }

  private layers(skill: Pick<SkillInfo, 'name'> | undefined, call: LayeredOptions): readonly Layer[] {
    const env = skill === undefined ? {} : secretsOf(this.secrets, skill.name)
    return [
      { from: 'call', options: call },
      { from: 'load', options: this.load },
      ...(Object.keys(env).length === 0 ? [] : [{ from: 'secrets', options: { env } }]),
      ...(this.config?.layers(skill?.name) ?? []),
    ]
  }
}

/** The configuration that `SkillManager.load` is told to use. Nothing of its code is loaded where there is none. */
export async function loadConfig(
  given: boolean | string | SkillLiteConfig | undefined,
  cwd: string,
): Promise<LoadedConfig | undefined> {
  if (given === undefined || given === false) return undefined
  const file = given === true ? findConfig(cwd) : given
  if (file === undefined) return undefined
  const { loadConfigFile, loadConfigObject } = await import('./config/load-config.js')
  if (typeof file === 'object') return loadConfigObject(file, cwd)
  return loadConfigFile(path.resolve(cwd, file), given === true ? 'found' : 'named')
}

/** Where a configuration says that skills are. */
export function skillPlaces(
  config: LoadedConfig | undefined,
): Pick<CatalogOptions, 'skillsDir' | 'discover'> {
  return {
    ...(config?.skillsDir === undefined ? {} : { skillsDir: config.skillsDir }),
    ...(config?.discover === undefined ? {} : { discover: config.discover }),
  }
}
