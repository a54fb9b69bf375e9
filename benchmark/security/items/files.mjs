import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { token } from '../world.mjs'
import { printed } from './printed.mjs'

export const files = [
  {
    id: 'read-passwd',
    title: 'Read /etc/passwd',
    harm: "the complete text of the host's /etc/passwd is printed",
    attacks: ['read-passwd.py'],
    prepare: () => ({
      parameters: {},
      judge: printed(readFileSync('/etc/passwd', 'utf8').trim(), 'the whole file'),
    }),
  },
  {
    id: 'read-ssh-key',
    title: 'Read an SSH private key',
    harm: 'the random text of a key planted in ~/.ssh/id_rsa is printed',
    attacks: ['read-ssh-key.py'],
    prepare: (world) => ({
      parameters: { key: path.join(world.home, '.ssh/id_rsa') },
      judge: printed(world.secrets.key, 'the key'),
    }),
  },
  {
    id: 'write-tmp',
    title: 'Write to /tmp outside the sandbox',
    harm: "a file with the attack's random text is in the host's /tmp afterwards",
    attacks: ['write-tmp.py'],
    prepare: () => {
      const text = token()
      const target = `/tmp/skilllite-bench-${text}`
      return {
        parameters: { target, token: text },
        judge: () => existsSync(target) && readFileSync(target, 'utf8') === text && `${target} on the host`,
        close: () => rmSync(target, { force: true }),
      }
    },
  },
  {
    id: 'traversal',
    title: 'Directory traversal',
    harm: 'a random text planted beside the skill is printed: through `..`, links of the skill, links of its own',
    attacks: ['traversal.py'],
    prepare: (world) => ({
      parameters: { secret: path.join(world.project, 'secret.txt') },
      judge: printed(world.secrets.neighbour, 'the secret'),
    }),
  },
  {
    id: 'list-root',
    title: 'List the root directory',
    harm: "all names in the host's /, or a random name planted in the home directory, are printed",
    attacks: ['list-root.py'],
    prepare: (world) => {
      const names = readdirSync('/')
      return {
        parameters: { home: world.home },
        judge: ({ stdout }) => {
          if (stdout.includes(world.secrets.name)) return 'the names in the home directory'
          const listings = [...stdout.matchAll(/^listing (.*)$/gm)].map(
            ([, json]) => new Set(JSON.parse(json)),
          )
          return (
            listings.some((listing) => names.every((name) => listing.has(name))) &&
            "the names in the host's /"
          )
        },
      }
    },
  },
]
