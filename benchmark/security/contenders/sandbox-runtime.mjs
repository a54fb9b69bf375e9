import { existsSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { npmPackage, versionOf } from '../peers.mjs'
import { python } from './python.mjs'

const NAME = '@anthropic-ai/sandbox-runtime'
const VERSION = '0.0.78'
const NEEDED = { '/usr/bin/bwrap': 'bubblewrap', '/usr/bin/socat': 'socat', '/usr/bin/rg': 'ripgrep' }

let cli
let helper

async function find() {
  const missing = Object.entries(NEEDED).filter(([file]) => !existsSync(file))
  if (missing.length > 0) {
    throw new Error(
      `it needs more; install it with: apt-get install ${missing.map(([, name]) => name).join(' ')}`,
    )
  }
  const directory = await npmPackage('sandbox-runtime', NAME, VERSION)
  cli = path.join(directory, 'dist/cli.js')
  helper = path.join(directory, 'vendor')
  const version = await versionOf(process.execPath, [cli, '--version'])
  if (version === undefined) throw new Error(`${cli} does not start`)
  return version
}

/** With no settings at all: no network, no writing, reading everywhere. */
export const sandboxRuntime = {
  name: 'sandbox-runtime',
  title: 'sandbox-runtime',
  find,
  command: ({ skill, script, env }) => ({
    argv: [process.execPath, cli, '--', python, '-B', script],
    cwd: skill,
    env,
  }),
}

/** The home directory and /tmp hidden, but for the skill. */
export const sandboxRuntimeTight = {
  name: 'sandbox-runtime-tight',
  title: 'sandbox-runtime, tight',
  find,
  command: ({ root, home, skill, script, env }) => {
    const settings = path.join(root, 'settings.json')
    const filesystem = {
      denyRead: [home, '/tmp', '/etc', '/root', '/home'],
      allowRead: [skill, helper],
      allowWrite: [],
      denyWrite: [],
    }
    writeFileSync(
      settings,
      JSON.stringify({ network: { allowedDomains: [], deniedDomains: [] }, filesystem }),
    )
    return {
      argv: [process.execPath, cli, '--settings', settings, '--', python, '-B', script],
      cwd: skill,
      env,
    }
  },
}
