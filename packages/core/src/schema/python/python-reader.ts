import type { ScriptInterface } from '../parameter.js'
import type { ScriptSource } from '../script-source.js'
import type { LanguageReader, StyleReader } from '../style-reader.js'
import { parserInterface } from './argparse/parser-interface.js'
import { pickParser } from './argparse/pick-parser.js'
import { clickInterface } from './decorated/click-interface.js'
import { fireInterface } from './decorated/fire-interface.js'
import { typerInterface } from './decorated/typer-interface.js'
import { directInterface, usageOf } from './direct-interface.js'
import { docoptInterface } from './docopt-interface.js'
import { environmentNeeds } from './environment-needs.js'
import { docstring, readScript, type ScriptReading } from './read-script.js'

type Finder = (reading: ScriptReading, script: ScriptSource) => ScriptInterface | undefined

const style = (name: string, find: Finder): StyleReader => ({
  style: name,
  read: async (script) => find(await readScript(script), script),
})

const callTo = ({ calls }: ScriptReading, path: string) => calls.find((call) => call.path === path)?.args

/** Reads Python scripts. */
export const pythonReader: LanguageReader = {
  styles: [
    style('argparse', (reading) => {
      const parser = pickParser(reading.parsers)
      return parser === undefined ? undefined : parserInterface(parser, reading)
    }),
    style('click', ({ scopes, calls }) => clickInterface(scopes, calls)),
    style('typer', ({ scopes, calls, run }) => typerInterface(scopes, calls, run)),
    style('fire', (reading) => {
      const call = callTo(reading, 'fire.Fire')
      return call === undefined ? undefined : fireInterface(call, reading.scope)
    }),
    style('docopt', (reading, script) => {
      const call = callTo(reading, 'docopt.docopt')
      return call === undefined ? undefined : docoptInterface(call, docstring(script))
    }),
    style('argv', (reading, script) => directInterface(reading, usageOf(script, reading.files))),
  ],
  describe: (script) =>
    docstring(script)
      ?.trim()
      .split(/\n\s*\n/, 1)[0],
  needs: async (script) => environmentNeeds((await readScript(script)).files),
}
