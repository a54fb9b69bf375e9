import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

/** What the tests of every adapter run: `calculator`, `tame`, and `daring`, about which a scan asks. */
export const skillDirectories: readonly string[] = [
  fileURLToPath(new URL('../../../../skills/calculator', import.meta.url)),
  fileURLToPath(new URL('skills', import.meta.url)),
]

/** A directory of the host's in which runs leave traces: whether a script ran is told by what it did. */
export class Traces {
  readonly directory = realpathSync(mkdtempSync(join(tmpdir(), 'traces-')))
  private made = 0

  /** Path of a file that is not there yet. */
  newFile(): string {
    this.made += 1
    return join(this.directory, `trace-${this.made}.txt`)
  }

  /** Path of a file that holds this text. */
  fileWith(text: string): string {
    const file = this.newFile()
    writeFileSync(file, text)
    return file
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true })
  }
}

/** Lines that runs wrote into a file; none where there is no file. */
export function linesOf(file: string): string[] {
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : []
}

/** Most runs of `tame` at the same time, by its notes of when each began and ended. */
export function mostAtOnce(file: string): number {
  let now = 0
  return Math.max(0, ...linesOf(file).map((line) => (now += line.startsWith('begin') ? 1 : -1)))
}

/** Waits until both processes of a waiting `tame` have written, and go on writing. */
export async function untilWaiting(file: string): Promise<void> {
  while (new Set(linesOf(file)).size < 2 || linesOf(file).length < 10) await sleep(20)
}

/** Whether nothing more is written into a file, by either process, once `withinMs` have gone by. */
export async function fallsSilent(file: string, withinMs = 3_000): Promise<boolean> {
  const end = performance.now() + withinMs
  while (performance.now() < end) {
    const before = linesOf(file).length
    // several times what lies between two lines, on a machine that may be busy
    await sleep(500)
    if (linesOf(file).length === before) return true
  }
  return false
}
