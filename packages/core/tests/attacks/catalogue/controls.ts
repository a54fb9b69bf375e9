import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Attempt, Effect } from '../attempt.js'
import { all } from '../effects.js'
import { attempts, hostText } from './make.js'

const make = attempts('controls')

const works: Effect = ({ text, result }) => {
  if (!text.includes('WORKS')) return 'an honest script does not work'
  return result !== undefined && result.violations.length > 0
    ? `an honest script was refused something: ${JSON.stringify(result.violations)}`
    : undefined
}
/** The other way round: an honest script must do in the sandbox what it does outside. */
const control = (script: string, name: string, rest: Partial<Attempt> = {}): Attempt =>
  make(script, name, works, {
    bare: { effect: ({ text }) => (text.includes('WORKS') ? 'it works' : undefined) },
    ...rest,
  })

const comesBack: Effect = ({ result, text }) =>
  result === undefined || JSON.stringify(result.output).includes('"n":[1,2.5,"ü"]')
    ? undefined
    : `other JSON came back: ${text}`
const json = { args: () => ({ n: [1, 2.5, 'ü'] }), effect: all(works, comesBack) } as const
const collects: Effect = ({ result, world }) => {
  if (result === undefined) return undefined
  const names = result.artifacts.map(({ name }) => name)
  const text = hostText(path.join(world.output, 'a/b/report.txt'))
  return names.join() === 'a/b/report.txt,big.bin' && text === 'fine'
    ? undefined
    : `artifacts: ${names.join()}`
}

export const CONTROLS: readonly Attempt[] = [
  control('temporary.py', 'writes temporary files'),
  control('memory.py', 'uses 100 MiB of memory (Python)'),
  control('memory.mjs', 'uses 100 MiB of memory (Node)'),
  control('threads.py', 'uses 16 threads'),
  control('workers.mjs', 'uses a worker thread (Node)'),
  control('subprocess.py', 'starts a granted program', { options: () => ({ allowPrograms: ['cat'] }) }),
  control('multiprocessing.py', 'uses a pool of processes'),
  control('semaphore.py', 'uses locks and named shared memory'),
  control('json.py', 'reads and prints JSON (Python)', json),
  control('json.mjs', 'reads and prints JSON (Node)', json),
  control('unicode.py', 'prints Unicode', {
    effect: all(works, ({ result, stdout }) =>
      result === undefined || stdout.includes('ü 日本語 🎉 \u202e') ? undefined : 'the text is another',
    ),
  }),
  control('artifacts.py', 'leaves artifacts', {
    effect: all(works, collects),
    options: ({ output }) => ({ outputDir: output }),
  }),
  control('assets.py', 'reads its own files', {
    plant: ({ skill }) => {
      mkdirSync(path.join(skill, 'assets'))
      writeFileSync(path.join(skill, 'assets/data.txt'), 'data')
    },
  }),
  control('locale.py', 'takes the locale of its environment'),
  control('asyncio.py', 'uses asyncio'),
  control('sqlite.py', 'uses SQLite in a temporary directory'),
  control('stdin.py', 'reads 8 MB of input', { args: () => ({ big: 'x'.repeat(8_000_000) }) }),
  control('streams.mjs', 'compresses a stream (Node)'),
  control('shell.sh', 'sorts a file (sh)'),
  control('numpy.py', 'multiplies matrices', { needs: { words: 'numpy' } }),
]
