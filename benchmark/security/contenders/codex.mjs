import path from 'node:path'
import { npmPackage, versionOf } from '../peers.mjs'
import { python } from './python.mjs'

const VERSION = '0.169.0'

let directory
let cli

async function find() {
  directory = await npmPackage('codex', '@openai/codex', VERSION)
  cli = path.join(directory, 'bin/codex.js')
  const version = await versionOf(process.execPath, [cli, '--version'])
  if (version === undefined) throw new Error(`${cli} does not start`)
  return version
}

/** As it comes: nothing may be written, no network, reading everywhere. */
export const codex = {
  name: 'codex',
  title: 'Codex',
  find,
  command: ({ skill, script, env }) => ({
    argv: [process.execPath, cli, 'sandbox', '--', python, '-B', script],
    cwd: skill,
    env,
  }),
}

/** Its tightest profile: the platform's files, the skill, and Codex's own helper. */
export const codexTight = {
  name: 'codex-tight',
  title: 'Codex, tight',
  find,
  command: ({ home, skill, script, env }) => {
    const readable = [':minimal', skill, path.join(home, '.codex/tmp'), path.resolve(directory, '../..')]
    const rules = readable.map((entry) => `${JSON.stringify(entry)}="read"`).join(',')
    return {
      argv: [
        ...[process.execPath, cli, 'sandbox', '-c', `permissions.tight.filesystem={${rules}}`, '-P', 'tight'],
        ...['--', python, '-B', script],
      ],
      cwd: skill,
      env,
    }
  },
}
