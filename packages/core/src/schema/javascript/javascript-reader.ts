import type { ScriptInterface } from '../parameter.js'
import type { ScriptSource } from '../script-source.js'
import type { LanguageReader, StyleReader } from '../style-reader.js'
import { describeArgv, describeStdin } from './argv-style.js'
import { environmentNeeds } from './environment-needs.js'
import { loadModules } from './modules.js'
import type { Observed } from './observed.js'
import { observe } from './read-script.js'

const style = (name: string, describe: (seen: Observed) => ScriptInterface | undefined): StyleReader => ({
  style: name,
  read: async (script) => describe(await observe(script)),
})

/** Reads JavaScript and TypeScript. */
export const javascriptReader: LanguageReader = {
  styles: [
    style('parser', ({ parsers }) => {
      for (const { describe } of parsers) {
        const found = describe()
        if (found !== undefined) return found
      }
      return undefined
    }),
    style('argv', describeArgv),
    style('stdin', describeStdin),
  ],
  describe: () => undefined,
  needs: async (script: ScriptSource) => {
    const files = await loadModules(script)
    return [...new Set([...files.values()].flatMap(({ root }) => environmentNeeds(root)))]
  },
}
