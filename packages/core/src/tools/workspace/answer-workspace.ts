import { randomUUID } from 'node:crypto'
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  opendirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { quote } from '../../errors.js'
import type { ActivationAnswer } from '../answer-activation.js'
import { decidingFile } from '../deciding-file.js'
import { validateArguments } from '../validate-arguments.js'
import { namesOf, type OpenDirectory, openDirectory, problemOf, WorkspaceProblem } from './open-directory.js'
import type { Workspace, WorkspaceTool } from './workspace-tools.js'

const MAX_READ_BYTES = 4 * 1024 * 1024
const MAX_WRITE_BYTES = 1024 * 1024
const MAX_ENTRIES = 500

// Non-blocking: opening a pipe that nobody writes to would otherwise hang for ever.
const READ = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK | constants.O_NOCTTY

/** Answers a call from the files of the workspace. Throws `ARGUMENTS_INVALID` as a script's tool would. */
export async function answerWorkspace(
  tool: WorkspaceTool,
  args: unknown,
  { directory }: Workspace,
): Promise<ActivationAnswer> {
  const { args: valid } = await validateArguments(tool, args)
  const path = String(valid.path)
  try {
    switch (tool.name) {
      case 'list_files':
        return { kind: 'text', text: list(directory, path) }
      case 'read_file':
        return { kind: 'text', text: linesOf(read(directory, path), valid) }
      case 'write_file':
        return { kind: 'text', text: write(directory, path, String(valid.content)) }
    }
  } catch (error) {
    if (error instanceof WorkspaceProblem) return { kind: 'problem', problem: `${error.message}.` }
    throw error
  }
}

function list(root: string, path: string): string {
  return within(root, namesOf(path), false, ({ at }) => {
    const entries = opendirSync(at)
    const lines: string[] = []
    try {
      for (let entry = entries.readSync(); entry !== null; entry = entries.readSync()) {
        if (lines.length === MAX_ENTRIES) {
          lines.push(`… and more than ${MAX_ENTRIES}`)
          break
        }
        lines.push(describeEntry(at, entry.name))
      }
    } finally {
      entries.closeSync()
    }
    return lines.length === 0 ? '(empty)\n' : `${lines.sort().join('\n')}\n`
  })
}

function describeEntry(at: string, name: string): string {
  const shown = /^[\p{L}\p{N} ._@+,=-]+$/u.test(name) ? name : quote(name, 300)
  const stats = lstatSync(`${at}/${name}`, { throwIfNoEntry: false })
  if (stats?.isDirectory()) return `${shown}/`
  return stats?.isFile() ? `${shown} (${stats.size})` : `${shown} (no file)`
}

function read(root: string, path: string): string {
  const { parent, name } = placeOf(path)
  if (/^\.env/i.test(name))
    throw new WorkspaceProblem(`${quote(path)} is not read: secrets are kept in files of that name`)
  return within(root, parent, false, (directory) => {
    const descriptor = openSync(`${directory.at}/${name}`, READ)
    try {
      directory.confirm()
      const stats = fstatSync(descriptor)
      if (!stats.isFile()) throw new WorkspaceProblem(`${quote(path)} is not a regular file`)
      if (stats.size > MAX_READ_BYTES) {
        throw new WorkspaceProblem(
          `${quote(path)} has ${stats.size} bytes; at most ${MAX_READ_BYTES} can be read`,
        )
      }
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(readFileSync(descriptor))
    } catch (error) {
      if (error instanceof TypeError) throw new WorkspaceProblem(`${quote(path)} is not a text file`)
      throw error
    } finally {
      closeSync(descriptor)
    }
  })
}

function linesOf(text: string, { first_line, lines }: Readonly<Record<string, unknown>>): string {
  if (first_line === 1 && lines === undefined) return text
  const all = text.split(/(?<=\n)/)
  const from = Number(first_line) - 1
  if (from >= all.length) throw new WorkspaceProblem(`The file has only ${all.length} lines`)
  return all.slice(from, lines === undefined ? undefined : from + Number(lines)).join('')
}

/** Writes beside it and renames: nothing is written through a link, and nobody sees half a file. */
function write(root: string, path: string, content: string): string {
  const { parent, name } = placeOf(path)
  const reason = decidingFile([...parent, name].join('/'))
  if (reason !== undefined) throw new WorkspaceProblem(`${quote(path)} is not written: ${reason}`)
  const bytes = Buffer.byteLength(content)
  if (bytes > MAX_WRITE_BYTES) {
    throw new WorkspaceProblem(`The text has ${bytes} bytes; at most ${MAX_WRITE_BYTES} can be written`)
  }
  return within(root, parent, true, (directory) => {
    directory.confirm()
    const target = `${directory.at}/${name}`
    const before = lstatSync(target, { throwIfNoEntry: false })
    if (before !== undefined && !before.isFile()) {
      throw new WorkspaceProblem(`${quote(path)} is not a regular file; nothing was written`)
    }
    const fresh = `${directory.at}/.${randomUUID()}`
    try {
      writeFileSync(fresh, content, { flag: 'wx', mode: before === undefined ? 0o666 : before.mode & 0o777 })
      directory.confirm()
      renameSync(fresh, target)
    } finally {
      rmSync(fresh, { force: true })
    }
    return `${bytes} bytes written to ${quote(path)}\n`
  })
}

function placeOf(path: string): { readonly parent: readonly string[]; readonly name: string } {
  const names = namesOf(path)
  const name = names.at(-1)
  if (name === undefined) throw new WorkspaceProblem(`${quote(path)} is a directory`)
  return { parent: names.slice(0, -1), name }
}

function within<Result>(
  root: string,
  names: readonly string[],
  create: boolean,
  act: (directory: OpenDirectory) => Result,
): Result {
  const directory = openDirectory(root, names, create)
  try {
    return act(directory)
  } catch (error) {
    throw error instanceof WorkspaceProblem ? error : problemOf(error, names.join('/'))
  } finally {
    directory.close()
  }
}
