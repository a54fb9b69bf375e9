import { applyExamples, exampleInterface } from '../apply-examples.js'
import { applyUsage, usageInterface } from '../apply-usage.js'
import { headDescription } from '../head-comment.js'
import { describeArgv, describeStdin } from '../observed/argv-style.js'
import type { Observed } from '../observed/observed.js'
import type { ScriptInterface } from '../parameter.js'
import type { LanguageReader, StyleReader } from '../style-reader.js'
import { headLines, helpText } from './documentation.js'
import { environmentNeeds } from './environment-needs.js'
import { observe } from './read-script.js'

const style = (name: string, describe: (seen: Observed) => ScriptInterface | undefined): StyleReader => ({
  style: name,
  read: async (script) => {
    const found = describe((await observe(script)).observed)
    return found === undefined ? undefined : applyExamples(applyUsage(found, helpText(script.root)), script)
  },
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
    {
      style: 'usage',
      read: ({ root, path }) => usageInterface(helpText(root), path),
    },
    { style: 'example', read: exampleInterface },
  ],
  describe: ({ root, path }) => headDescription(headLines(root), path),
  needs: async (script) => {
    const { files } = await observe(script)
    return [...new Set([...files.values()].flatMap(({ root }) => environmentNeeds(root)))]
  },
}
