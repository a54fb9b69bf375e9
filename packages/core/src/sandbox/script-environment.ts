import type { LaunchPlan } from './launch.js'

/** Where a script finds its own places. */
export interface ScriptPlaces {
  readonly path: string
  readonly home: string
  readonly temp: string
  readonly output: string
  readonly timeZone: string
}

/** The whole environment of a script: these, what the host grants, and nothing else. */
export function scriptEnvironment(
  { policy, skillName, environment }: Pick<LaunchPlan, 'policy' | 'skillName' | 'environment'>,
  places: ScriptPlaces,
): Readonly<Record<string, string>> {
  return {
    ...environment,
    PATH: places.path,
    HOME: places.home,
    LANG: 'C.UTF-8',
    TZ: places.timeZone,
    TMPDIR: places.temp,
    SKILL_DIR: policy.skillDirectory,
    SKILL_NAME: skillName,
    SKILL_OUTPUT_DIR: places.output,
  }
}
