import { applyExamples, exampleInterface } from '../apply-examples.js'
import { applyUsage, usageInterface } from '../apply-usage.js'
import { headDescription } from '../head-comment.js'
import { describeArgv, describeStdin } from '../observed/argv-style.js'
import { nothingObserved, type Observed } from '../observed/observed.js'
import { wordList } from '../observed/word-list.js'
import type { Parameter, ScriptInterface } from '../parameter.js'
import type { ScriptSource } from '../script-source.js'
import type { LanguageReader } from '../style-reader.js'
import { headLines, helpText } from './shell-documentation.js'
import { executeAll } from './shell-execute.js'
import { environmentNeeds } from './shell-needs.js'
import { ReadingTooLong, type ShellReading } from './shell-reading.js'

const known = new WeakMap<ScriptSource, FollowedScript>()

interface FollowedScript {
  readonly observed: Observed
  /** Whether `getopts` reads the flags. */
  readonly getopts: boolean
}

/** Follows a script as it would run. Each script is followed once. */
function observe(script: ScriptSource): FollowedScript {
  const before = known.get(script)
  if (before !== undefined) return before
  const observed = nothingObserved()
  const list = wordList('all', 0, 0)
  observed.lists.push(list)
  const run: ShellReading = {
    ...{ file: script.path, observed, variables: new Map(), functions: new Map(), letters: new Map() },
    ...{
      letterVariable: undefined,
      parameters: { kind: 'script', list, loops: 0 },
      flag: undefined,
      command: undefined,
      commandGuards: 0,
    },
    ...{ steps: 0, uncertain: 0, guards: 0, loops: 0, depth: 0, fed: false },
  }
  try {
    executeAll(script.root.parts, run)
  } catch (error) {
    // What was seen until then is worth having.
    if (!(error instanceof ReadingTooLong)) throw error
  }
  const found = { observed, getopts: run.letters.size > 0 }
  known.set(script, found)
  return found
}

function explained(found: ScriptInterface | undefined, script: ScriptSource): ScriptInterface | undefined {
  return found === undefined ? undefined : applyExamples(applyUsage(found, helpText(script.root)), script)
}

/** Reads scripts for sh and bash. */
export const shellReader: LanguageReader = {
  styles: [
    {
      style: 'getopts',
      read: (script) => {
        const { observed, getopts } = observe(script)
        const found = getopts ? describeArgv(observed) : undefined
        return explained(
          found === undefined
            ? undefined
            : { ...found, ...GETOPTS, parameters: found.parameters.map(joinable) },
          script,
        )
      },
    },
    { style: 'argv', read: (script) => explained(describeArgv(observe(script).observed), script) },
    { style: 'stdin', read: (script) => explained(describeStdin(observe(script).observed), script) },
    {
      style: 'usage',
      read: ({ root, path }) => usageInterface(helpText(root), path),
    },
    { style: 'example', read: exampleInterface },
  ],
  describe: ({ root, path }) => headDescription(headLines(root), path),
  needs: ({ root }) => environmentNeeds(root),
}

/** `-n value` and `-nvalue` are the same to `getopts`. */
const joinable = (parameter: Parameter): Parameter => ({
  ...parameter,
  places: parameter.places.map((place) => (place.kind === 'flag' ? { ...place, form: 'auto' } : place)),
})

const GETOPTS = { kind: 'getopts', prefixes: '-', endOfOptions: true, order: 'flags-first' } as const
