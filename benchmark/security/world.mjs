// The host that an attack is run on: a home directory with a secret key, a project with a secret beside the skill,
// and the skill itself. Made anew for each run, removed after it.
import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { killNow, processesWith } from './process-table.mjs'

export const LIMITS = { seconds: 5, memoryBytes: 256 * 1024 * 1024, processes: 64 }

const attacks = path.join(import.meta.dirname, 'attacks')
const prelude = readFileSync(path.join(attacks, 'prelude.py'), 'utf8')

/** Not under /tmp: several contenders give the program a /tmp of its own. */
const PARENT = '/var/tmp'

const open = new Set()

// Ctrl-C in the middle of a bomb leaves neither processes nor files
process.on('exit', () => {
  for (const root of open) {
    for (const { pid } of processesWith(root)) killNow(pid)
    rmSync(root, { recursive: true, force: true })
  }
})

export const token = () => randomBytes(12).toString('hex')

export function makeWorld() {
  const root = mkdtempSync(path.join(PARENT, 'skilllite-bench-'))
  open.add(root)
  const home = path.join(root, 'home')
  const project = path.join(home, 'project')
  const skill = path.join(project, 'skill')
  const secrets = { key: token(), neighbour: token(), variable: token(), name: token() }
  // a sandbox may run the program as another user, who must be able to read the skill
  chmodSync(root, 0o755)
  mkdirSync(path.join(skill, 'scripts'), { recursive: true, mode: 0o755 })
  mkdirSync(path.join(home, '.ssh'), { mode: 0o700 })
  writeFileSync(path.join(home, '.ssh/id_rsa'), `PRIVATE KEY ${secrets.key}\n`, { mode: 0o600 })
  writeFileSync(path.join(project, 'secret.txt'), `${secrets.neighbour}\n`)
  mkdirSync(path.join(home, `planted-${secrets.name}`))
  symlinkSync('../secret.txt', path.join(skill, 'link.txt'))
  cpSync(path.join(attacks, 'helper.py'), path.join(skill, 'scripts/helper.py'))
  writeFileSync(path.join(skill, 'SKILL.md'), SKILL)
  return {
    root,
    home,
    project,
    skill,
    secrets,
    script: path.join(skill, 'scripts/main.py'),
    /** The environment that every contender is started with. */
    env: {
      PATH: '/usr/bin:/bin',
      HOME: home,
      LANG: 'C.UTF-8',
      HOST_SECRET: secrets.variable,
    },
    remove() {
      rmSync(root, { recursive: true, force: true })
      open.delete(root)
    },
  }
}

/** Makes an attack the skill's only script; it finds its parameters in `P`. */
export function writeAttack(world, attack, parameters) {
  const body = readFileSync(path.join(attacks, attack), 'utf8')
  const values = `P = __import__("json").loads(${JSON.stringify(JSON.stringify(parameters))})\n`
  writeFileSync(world.script, `${values}${prelude}\n${body}`)
}

const SKILL = `---
name: skill
description: One script of the security benchmark.
input_schema:
  type: object
---

# Skill

## Runtime

\`\`\`yaml
entry_point: scripts/main.py
language: python
\`\`\`
`
