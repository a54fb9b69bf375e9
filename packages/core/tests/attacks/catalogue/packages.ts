import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Attempt, Effect } from '../attempt.js'
import { leaks } from '../effects.js'
import type { World } from '../world.js'
import { attempts, canaryFile, secretFile } from './make.js'

const attempt = attempts('packages')

/** The package is loaded and its script runs, without delay. */
const runsSoon: Effect = ({ stdout, result, error, wallMs }) => {
  if (wallMs > 8_000) return `it took ${Math.round(wallMs)} ms`
  if (error !== undefined) return `the run was rejected: ${error}`
  return result !== undefined && !stdout.includes('ran') ? 'the script did not run' : undefined
}
/** Refused or run, but neither slowly nor with the secret in any message. */
const soon: Effect = (seen) => (seen.wallMs > 8_000 ? `it took ${Math.round(seen.wallMs)} ms` : leaks(seen))
const packageOnly = { bare: { without: 'it is the engine that it is about' } } as const
const refusable = { mayReject: true, ...packageOnly } as const
const at = (world: World, name: string): string => path.join(world.skill, name)
const replaceBy =
  (name: string, make: (file: string, world: World) => void): ((world: World) => void) =>
  (world) => {
    rmSync(at(world, name), { force: true })
    make(at(world, name), world)
  }
const fifo = (file: string): void => void execFileSync('mkfifo', [file])
const front = (text: string): string =>
  `---\nname: attempt\ndescription: Tries.\ninput_schema:\n  type: object\n${text}---\n`

export const PACKAGES: readonly Attempt[] = [
  attempt('plain.py', 'has 100,000 files', runsSoon, {
    once: true,
    ...packageOnly,
    plant: (world) => {
      const code =
        'import os,sys\nos.chdir(sys.argv[1])\nfor d in range(100):\n os.mkdir("d%d"%d)\n for n in range(1000): os.close(os.open("d%d/f%d"%(d,n),65,0o644))'
      execFileSync('python3', ['-c', code, world.skill])
    },
  }),
  attempt('plain.py', 'nests directories 400 deep', runsSoon, {
    ...packageOnly,
    plant: (world) => {
      mkdirSync(at(world, 'd/'.repeat(400)), { recursive: true })
    },
  }),
  attempt('plain.py', 'has names with shell characters and newlines', runsSoon, {
    ...packageOnly,
    plant: (world) => {
      for (const name of [
        `$(touch ${path.basename(canaryFile(world))})`,
        '`id`',
        'a\nb.py',
        '-rf',
        '--help',
        "'",
        '"',
        ';id',
        '\u001b[2J',
        '*',
        '\\',
        ' ',
      ])
        writeFileSync(at(world, name), 'x')
      mkdirSync(at(world, 'new\nline'))
    },
  }),
  attempt('plain.sh', 'lies in a directory with odd characters', soon, {
    ...refusable,
    plant: (world) => {
      const odd = path.join(path.dirname(world.skill), 'odd $(touch planted) "x"\nattempt')
      copyFileSync(at(world, 'main.sh'), at(world, 'copy.sh'))
      mkdirSync(odd)
      renameSync(at(world, 'copy.sh'), path.join(odd, 'main.sh'))
      copyFileSync(at(world, 'SKILL.md'), path.join(odd, 'SKILL.md'))
    },
  }),
  attempt('plain.py', 'has a named pipe, which nobody writes to, for every kind of file', runsSoon, {
    ...packageOnly,
    plant: (world) => {
      for (const name of ['requirements.txt', 'package.json', 'README.md', 'other.py', 'LICENSE'])
        fifo(at(world, name))
    },
  }),
  attempt('plain.py', 'has a named pipe for its SKILL.md', soon, {
    ...refusable,
    plant: replaceBy('SKILL.md', fifo),
  }),
  attempt('plain.py', 'has a named pipe for its script', soon, {
    ...refusable,
    plant: replaceBy('main.py', fifo),
  }),
  attempt('plain.py', 'links its SKILL.md to a secret', soon, {
    ...refusable,
    plant: replaceBy('SKILL.md', (file, world) => symlinkSync(secretFile(world), file)),
  }),
  attempt('plain.py', 'links its script to a secret', soon, {
    ...refusable,
    plant: replaceBy('main.py', (file, world) => symlinkSync(secretFile(world), file)),
  }),
  attempt('plain.py', 'links requirements.txt to a secret', soon, {
    ...refusable,
    plant: (world) => symlinkSync(secretFile(world), at(world, 'requirements.txt')),
  }),
  attempt('plain.py', 'links a directory to the root and to itself', runsSoon, {
    ...packageOnly,
    plant: (world) => {
      symlinkSync('/', at(world, 'root'))
      symlinkSync('.', at(world, 'self'))
      symlinkSync('loop', at(world, 'loop'))
    },
  }),
  attempt('plain.py', 'has a SKILL.md of 200 MB', soon, {
    ...refusable,
    plant: (world) => {
      execFileSync('truncate', ['-s', '200M', at(world, 'SKILL.md')])
    },
  }),
  attempt('plain.py', 'has front matter that grows when it is read', soon, {
    ...refusable,
    plant: (world) => {
      const lines = ['a0: &a0 [x,x,x,x,x,x,x,x,x,x]']
      for (let n = 1; n < 12; n++)
        lines.push(
          `a${n}: &a${n} [${Array(10)
            .fill(`*a${n - 1}`)
            .join(',')}]`,
        )
      writeFileSync(at(world, 'SKILL.md'), front(`${lines.join('\n')}\n`))
    },
  }),
  attempt('plain.py', 'has front matter that names prototypes', soon, {
    ...refusable,
    plant: (world) =>
      writeFileSync(
        at(world, 'SKILL.md'),
        front('__proto__: { polluted: 1 }\nmetadata: { __proto__: { polluted: 1 } }\n'),
      ),
  }),
  attempt('plain.py', 'has a script that is a sparse file of 10 GB', soon, {
    ...refusable,
    plant: (world) => {
      execFileSync('truncate', ['-s', '10G', at(world, 'main.py')])
    },
    options: () => ({ limits: { wallMs: 2_000 } }),
  }),
]
