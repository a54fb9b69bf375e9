import { type Dirent, lstatSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Attempt, Effect } from '../attempt.js'
import { all, prints } from '../effects.js'
import type { World } from '../world.js'
import { attempts, canaryFile, hostText } from './make.js'

const attempt = attempts('leftovers')
const twice = { runs: 2 } as const
const kept = prints(() => 'LEFTOVER')
const keepsOutput = ({ output }: World) => ({ outputDir: output })

/** Everything that was collected. */
function* collected(directory: string): Generator<string> {
  let entries: Dirent[]
  try {
    entries = readdirSync(directory, { withFileTypes: true })
  } catch {
    // not there, or closed by the script, which is no harm
    return
  }
  for (const entry of entries) {
    const file = path.join(directory, entry.name)
    yield file
    if (entry.isDirectory()) yield* collected(file)
  }
}

const strange: Effect = ({ world }) => {
  for (const file of [...collected(world.output), ...collected(world.temp)]) {
    const stats = lstatSync(file)
    if (!stats.isFile() && !stats.isDirectory()) return `${file} is neither a file nor a directory`
    if ((stats.mode & 0o6000) !== 0) return `${file} has mode ${stats.mode.toString(8)}`
    if (stats.isFile() && stats.nlink > 1) return `${file} is a hard link`
    if (stats.uid !== process.getuid?.()) return `${file} belongs to ${stats.uid}`
  }
  return undefined
}
const keepsGood: Effect = ({ world, result }) =>
  result === undefined || hostText(path.join(world.output, 'kept.txt')) === 'fine'
    ? undefined
    : 'an honest artifact is missing'
const outside: Effect = ({ world, result }) => {
  const names = result?.artifacts.map((artifact) => artifact.path) ?? []
  const wrong = names.find((name) => !name.startsWith(`${world.output}/`) || path.normalize(name) !== name)
  return wrong === undefined ? undefined : `an artifact lies at ${wrong}`
}
const writes: Effect = ({ world }) => {
  const names = [...collected(world.temp), ...collected(world.output)].map((file) => path.basename(file))
  return names.includes('-rf') ? 'files with such names came out' : undefined
}
const cores: Effect = ({ world }) =>
  readdirSync(world.temp).some((file) => file.startsWith('core')) ? 'a memory image was left' : undefined
const overwritten: Effect = ({ world }) => {
  const elsewhere = readdirSync(path.join(world.host, 'directory'))
  if (elsewhere.includes('planted')) return 'a file was written through a link in the output directory'
  if (hostText(canaryFile(world)) !== 'untouched\n')
    return 'a file was changed through a link in the output directory'
  return hostText(path.join(world.output, 'existing.txt')) === 'own\n'
    ? undefined
    : "a file of the host's own was changed"
}

function plantOutput(world: World): void {
  mkdirSync(world.output)
  writeFileSync(path.join(world.output, 'existing.txt'), 'own\n')
  symlinkSync(canaryFile(world), path.join(world.output, 'link.txt'))
  symlinkSync(path.join(world.host, 'directory'), path.join(world.output, 'elsewhere'))
}

export const LEFTOVERS: readonly Attempt[] = [
  attempt('temporary.py', 'leaves a file for the next run wherever it can write (Python)', kept, twice),
  attempt('temporary.mjs', 'leaves a file in /dev/shm for the next run (Node)', kept, twice),
  attempt('temporary.sh', 'leaves a file in /tmp for the next run (sh)', kept, twice),
  attempt('shared-memory.py', 'leaves System V shared memory for the next run', kept, twice),
  attempt('semaphore.py', 'leaves a System V semaphore for the next run', kept, twice),
  attempt('message-queue.py', 'leaves a POSIX message queue for the next run', kept, twice),
  attempt('change-module.py', 'leaves code that the next Python would run', kept, twice),
  attempt(
    'artifacts.py',
    'leaves links, pipes, sockets, devices and set-uid files as artifacts',
    all(strange, keepsGood),
    {
      options: keepsOutput,
    },
  ),
  attempt('artifact-names.py', 'leaves artifacts with hostile names', outside, {
    options: keepsOutput,
    bare: { effect: writes },
  }),
  attempt('artifact-overwrite.py', 'leaves artifacts that would overwrite and follow', overwritten, {
    options: keepsOutput,
    plant: plantOutput,
    bare: { without: 'without a sandbox nobody collects anything' },
  }),
  attempt('core.py', 'leaves an image of its memory', cores, {
    needs: { words: 'a core_pattern that writes beside the program' },
  }),
]
