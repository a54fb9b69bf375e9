import { bare } from './bare.mjs'
import { bubblewrap, bubblewrapHardened } from './bubblewrap.mjs'
import { codex, codexTight } from './codex.mjs'
import { docker } from './docker.mjs'
import { firejail } from './firejail.mjs'
import { pyodide } from './pyodide.mjs'
import { sandboxRuntime, sandboxRuntimeTight } from './sandbox-runtime.mjs'
import { sandlock } from './sandlock.mjs'
import { skilllite, skillliteLandlock } from './skilllite.mjs'

/**
 * In the order of the table. Each has `name`, `title`; `find()`, which returns its version, installing it where that
 * is possible, or throws the reason why it cannot take part; and `command(world)`.
 */
export const contenders = [
  skilllite,
  skillliteLandlock,
  bare,
  bubblewrap,
  bubblewrapHardened,
  sandboxRuntime,
  sandboxRuntimeTight,
  codex,
  codexTight,
  pyodide,
  docker,
  firejail,
  sandlock,
]
