import { nothingObserved, type Observed } from '../observed/observed.js'
import type { ScriptSource, SourceFile } from '../script-source.js'
import { callExternal, readExternal } from './externals.js'
import { loadModules, runModule } from './modules.js'
import { type Reading, ReadingTooLong } from './reading.js'

/** A script with the modules that it imports, and what it does with its arguments. */
export interface FollowedScript {
  readonly observed: Observed
  readonly files: ReadonlyMap<string, SourceFile>
}

const known = new WeakMap<ScriptSource, Promise<FollowedScript>>()

/** Follows a script as it would run, and says what it does with its arguments. Each script is followed once. */
export function observe(script: ScriptSource): Promise<FollowedScript> {
  let observed = known.get(script)
  if (observed === undefined) {
    observed = follow(script)
    known.set(script, observed)
  }
  return observed
}

async function follow(script: ScriptSource): Promise<FollowedScript> {
  const observed = nothingObserved()
  const files = await loadModules(script)
  const run: Reading = {
    ...{ script, observed, files, modules: new Map() },
    ...{
      steps: 0,
      uncertain: 0,
      guards: 0,
      loops: 0,
      stack: [],
      flag: undefined,
      command: undefined,
      commandGuards: 0,
      ended: false,
    },
    callExternal: (path, args, made) => callExternal(path, args, made, run),
    readExternal: (path) => readExternal(path, run),
  }
  try {
    runModule(script.path, run)
  } catch (error) {
    // What was seen until then is worth having.
    if (!(error instanceof ReadingTooLong)) throw error
  }
  return { observed, files }
}
