import { lstatSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'

/** Where a host keeps what was approved to be remembered. Keys are bound to a skill's content and the rules. */
export interface ApprovalMemory {
  readonly has: (key: string) => boolean | Promise<boolean>
  readonly add: (key: string) => void | Promise<void>
}

/** Remembers for the life of the process. */
export function sessionApprovals(): ApprovalMemory {
  const keys = new Set<string>()
  return { has: (key) => keys.has(key), add: (key) => void keys.add(key) }
}

const maxBytes = 1024 * 1024
const mostKept = 2_000

/**
 * Remembers in a file, such as a project's `.skilllite/approvals.json`. A file that is no list of approvals, is a link
 * or may be changed by other users counts as empty; writing replaces it at once.
 */
export function approvalsFile(file: string): ApprovalMemory {
  return {
    has: (key) => read(file).includes(key),
    add: (key) => {
      const keys = [...read(file).filter((known) => known !== key), key].slice(-mostKept)
      const temporary = `${file}.${process.pid}.${Date.now()}`
      mkdirSync(path.dirname(file), { recursive: true })
      try {
        writeFileSync(temporary, `${JSON.stringify({ version: 1, approved: keys }, null, 2)}\n`, {
          mode: 0o600,
          flag: 'wx',
        })
        renameSync(temporary, file)
      } finally {
        rmSync(temporary, { force: true })
      }
    },
  }
}

function read(file: string): readonly string[] {
  try {
    const stats = lstatSync(file)
    const ours = stats.uid === process.geteuid?.() && (stats.mode & 0o022) === 0
    if (!stats.isFile() || !ours || stats.size > maxBytes) return []
    const data: unknown = JSON.parse(readFileSync(file, 'utf8'))
    const approved =
      typeof data === 'object' && data !== null && 'approved' in data ? data.approved : undefined
    return Array.isArray(approved) ? approved.filter((key) => typeof key === 'string') : []
  } catch {
    return []
  }
}
