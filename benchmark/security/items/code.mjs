import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { token } from '../world.mjs'
import { shellCommand } from './processes.mjs'

export const code = [
  {
    id: 'dynamic-import',
    title: 'Dynamic import of os',
    harm: 'a command has run through a module that was imported under a hidden name; the import alone is no harm',
    attacks: ['dynamic-import.py'],
    prepare: shellCommand,
  },
  {
    id: 'eval-exec',
    title: 'eval and exec',
    harm: 'a command has run through made code; eval alone is no harm',
    attacks: ['eval-exec.py'],
    prepare: shellCommand,
  },
  {
    id: 'change-builtins',
    title: 'Change built-in functions',
    harm: "the host or the skill's next run sees the change: its random text is printed by them, or left in the skill or the home directory",
    attacks: ['change-builtins.py'],
    /** Run after the attack, in the same world; the attack's own output then counts too, as the host's. */
    later: 'later-run.py',
    prepare: (world) => {
      const text = token()
      return {
        parameters: { token: text, home: world.home },
        judge: (attack, later) => {
          if (later.stdout.includes(text)) return 'the next run was changed'
          if (attack.stdout.includes(text)) return 'the host was changed'
          const file = fileWith(world, text)
          return file !== undefined && `${file} was left behind`
        },
      }
    },
  },
]

function fileWith(world, text) {
  const entries = readdirSync(world.home, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .find((file) => file !== world.script && readFileSync(file).includes(text))
}
