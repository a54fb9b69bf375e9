import { mkdir, mkdtemp, realpath } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { removeTree } from './remove-tree.js'

/** Places of a run that has none in a sandbox of its own. */
export interface PrivateDirectory {
  /** Holds all of them. */
  readonly path: string
  readonly home: string
  readonly temp: string
  readonly output: string
  close(): Promise<void>
}

/** A private directory with a home, a place for temporary files and one for artifacts; all is removed at the end. */
export async function openPrivateDirectory(): Promise<PrivateDirectory> {
  // The real path: what is granted to a sandbox by path is compared with what the kernel calls it.
  const directory = await realpath(await mkdtemp(path.join(tmpdir(), 'skilllite-run-')))
  const [home, temp, output] = ['home', 'tmp', 'output'].map((name) => path.join(directory, name)) as [
    string,
    string,
    string,
  ]
  await Promise.all([home, temp, output].map((place) => mkdir(place)))
  return { path: directory, home, temp, output, close: () => removeTree(directory) }
}
