import { python, requirePython } from './python.mjs'

export const bare = {
  name: 'bare',
  title: 'no sandbox',
  find: requirePython,
  command: ({ skill, script, env }) => ({ argv: [python, '-B', script], cwd: skill, env }),
}
