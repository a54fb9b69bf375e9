import path from 'node:path'
import { pythonPackage } from '../peers.mjs'
import { LIMITS } from '../world.mjs'
import { python, requirePython } from './python.mjs'

const VERSION = '0.9.0'
const runner = path.join(import.meta.dirname, 'sandlock-run.py')

let directory

export const sandlock = {
  name: 'sandlock',
  title: 'sandlock',
  async find() {
    await requirePython()
    directory = await pythonPackage('sandlock', VERSION, python)
    return `sandlock ${VERSION}`
  },
  command: ({ skill, script, env }) => {
    const limits = [LIMITS.seconds, LIMITS.memoryBytes >> 20, LIMITS.processes].map(String)
    return {
      argv: [python, '-B', runner, ...limits, skill, python, '-B', script],
      cwd: skill,
      env: { ...env, PYTHONPATH: directory },
    }
  },
}
