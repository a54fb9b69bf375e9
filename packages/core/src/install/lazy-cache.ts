import type { CachedEnvironment, Pruned } from './cached-environments.js'

/** All environments in this user's cache, those used last first. */
export async function cachedEnvironments(
  environment: NodeJS.ProcessEnv = process.env,
): Promise<readonly CachedEnvironment[]> {
  const { listEnvironments } = await import('./cached-environments.js')
  return listEnvironments(environment)
}

/** Removes environments that were not used for `unusedDays`, and what builds have left; 0 removes all. */
export async function pruneEnvironments(
  unusedDays: number,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<Pruned> {
  const { removeEnvironments } = await import('./cached-environments.js')
  return removeEnvironments(unusedDays, environment)
}
