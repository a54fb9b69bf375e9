import path from 'node:path'
import { npmPackage } from '../peers.mjs'

const VERSION = '314.0.7'
const runner = path.join(import.meta.dirname, 'pyodide-run.mjs')

let directory

/** Python in WebAssembly in a Node process of its own, loaded as its documentation shows. */
export const pyodide = {
  name: 'pyodide',
  title: 'Pyodide in Node',
  async find() {
    directory = await npmPackage('pyodide', 'pyodide', VERSION)
    return `pyodide ${VERSION}, node ${process.version}`
  },
  command: ({ skill, script, env }) => ({
    argv: [process.execPath, runner, path.join(directory, 'pyodide.mjs'), script],
    cwd: skill,
    env,
  }),
}
