import type { PolicyOptions } from './policy-options.js'

/** What one source says about a run. */
export interface OptionLayer<Options extends PolicyOptions = PolicyOptions> {
  /** `call`, `load`, `secrets`, or the place in a file: `/project/skilllite.config.json#defaults`. */
  readonly from: string
  readonly options: Options
}

/** Where the value of each option comes from: `allowHosts`, `limits.pids`, `env.API_KEY` … Without an entry: default. */
export type OptionOrigins = Readonly<Record<string, string>>

/** Options whose members are decided one by one; of all others the first source that names one decides it whole. */
const mixed = ['env', 'limits'] as const

/** One set of options from all sources, the strongest first. */
export function mergeLayers<Options extends PolicyOptions>(layers: readonly OptionLayer<Options>[]): Options {
  const merged: Record<string, unknown> = {}
  for (const { options } of layers.toReversed()) {
    for (const [name, value] of Object.entries(options)) if (value !== undefined) merged[name] = value
  }
  for (const name of mixed) {
    const all: (object | undefined)[] = layers.map(({ options }) => options[name]).toReversed()
    const given = all.filter((members) => members !== undefined)
    if (given.length > 1) merged[name] = Object.assign({}, ...given.map(defined))
  }
  return merged as Options
}

/** Which source decided what {@link mergeLayers} makes of the same layers. */
export function originsOf(layers: readonly OptionLayer[]): OptionOrigins {
  const origins: Record<string, string> = {}
  for (const { from, options } of layers.toReversed()) {
    const place = (name: string): string => (from.includes('#') ? `${from}.${name}` : from)
    for (const [name, value] of Object.entries(options)) {
      if (value === undefined) continue
      origins[name] = place(name)
      if (!mixed.some((entry) => entry === name)) continue
      for (const member of Object.keys(defined(value))) origins[`${name}.${member}`] = place(name)
    }
  }
  return origins
}

const defined = (members: object): Record<string, unknown> =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined))
