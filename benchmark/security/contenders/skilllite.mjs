import { readFileSync } from 'node:fs'
import path from 'node:path'
import { repository } from '../peers.mjs'
import { LIMITS } from '../world.mjs'
import { requirePython } from './python.mjs'

const cli = path.join(repository, 'packages/cli/bin/skilllite.js')

function contender(name, title, backend) {
  return {
    name,
    title,
    async find() {
      await requirePython()
      const { version } = JSON.parse(readFileSync(path.join(repository, 'packages/cli/package.json'), 'utf8'))
      return `skilllite ${version}`
    },
    command: ({ skill, env }) => ({
      argv: [
        process.execPath,
        cli,
        'run',
        skill,
        '--level',
        '2',
        '--timeout',
        `${LIMITS.seconds}`,
        '--backend',
        backend,
      ],
      cwd: '/',
      env,
    }),
  }
}

export const skilllite = contender('skilllite', 'SkillLite', 'namespaces')
export const skillliteLandlock = contender('skilllite-landlock', 'SkillLite, landlock', 'landlock')
