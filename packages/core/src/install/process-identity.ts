import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

let own: string | undefined

/** This process, told apart from a later one with the same number by when it was started. */
export function ownIdentity(): string {
  own ??= `${process.pid}.${startOf(process.pid) ?? 'unknown'}`
  return own
}

/** Whether the process of an {@link ownIdentity} still runs. What cannot be told counts as running. */
export function isAlive(identity: string): boolean {
  const [, pid, start] = /^(\d{1,10})\.(\w+)$/.exec(identity) ?? []
  if (pid === undefined) return false
  try {
    process.kill(Number(pid), 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false
  }
  const now = startOf(Number(pid))
  return now === undefined || start === 'unknown' || now === start
}

function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // proc(5): the second field is in parentheses and may hold anything; the start is the 22nd.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
  } catch {
    return process.platform === 'linux' ? undefined : startByPs(pid)
  }
}

function startByPs(pid: number): string | undefined {
  try {
    const told = execFileSync('/bin/ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' })
    return told.replace(/\W+/g, '_').replace(/^_|_$/g, '') || undefined
  } catch {
    return undefined
  }
}
