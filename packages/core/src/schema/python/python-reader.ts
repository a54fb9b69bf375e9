import type { LanguageReader, StyleReader } from '../style-reader.js'
import { parserInterface } from './argparse/parser-interface.js'
import { pickParser } from './argparse/pick-parser.js'
import { environmentNeeds } from './environment-needs.js'
import { docstring, readScript } from './read-script.js'

const argparse: StyleReader = {
  style: 'argparse',
  read: async (script) => {
    const reading = await readScript(script)
    const parser = pickParser(reading.parsers)
    return parser === undefined ? undefined : parserInterface(parser, reading)
  },
}

/** Reads Python scripts. */
export const pythonReader: LanguageReader = {
  styles: [argparse],
  describe: (script) =>
    docstring(script)
      ?.trim()
      .split(/\n\s*\n/, 1)[0],
  needs: async (script) => environmentNeeds((await readScript(script)).files),
}
