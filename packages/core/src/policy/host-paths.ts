import { realpathSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import path from 'node:path'
import { quote, SkillLiteError } from '../errors.js'
import { isPlainText } from './plain-text.js'

/** Inside the sandbox these are its own; the host's would undo the isolation. */
const kernelDirectories = ['/proc', '/sys', '/dev']

/** Whether a path belongs to the kernel: it can never be granted. */
export function isKernels(path: string): boolean {
  return kernelDirectories.some((directory) => isWithin(path, directory))
}

/** Whether `inner` is `outer` or lies in it. Both are absolute and normal. */
export function isWithin(inner: string, outer: string): boolean {
  return inner === outer || inner.startsWith(outer === '/' ? '/' : `${outer}/`)
}

/** Real paths of granted files and directories. Throws `OPTION_INVALID` for what cannot be granted. */
export function resolveGrantedPaths(
  option: 'allowRead' | 'allowWrite',
  given: readonly string[] | undefined,
  cwd: string,
  skillDirectory: string,
): readonly string[] {
  if (given === undefined) return []
  if (!Array.isArray(given)) throw invalid(option, `must be a list of paths, got ${quote(given)}`)
  const resolved = given.map((entry: unknown) => {
    if (typeof entry !== 'string' || !isPlainText(entry) || entry === '') {
      throw invalid(option, `must hold paths, got ${quote(entry)}`)
    }
    const real = realPath(option, path.resolve(cwd, expandHome(entry)))
    if (real === '/') throw invalid(option, 'cannot be the whole file system')
    const kernel = kernelDirectories.find((directory) => isWithin(real, directory))
    if (kernel !== undefined)
      throw invalid(option, `cannot hold ${quote(real)}: the sandbox has a ${kernel} of its own`)
    if (option === 'allowWrite' && isWithin(real, skillDirectory)) {
      throw invalid(option, `cannot hold ${quote(real)}: a skill may never change its own directory`)
    }
    return real
  })
  return [...new Set(resolved)].sort()
}

function realPath(option: string, absolute: string): string {
  try {
    const real = realpathSync(absolute)
    const stats = statSync(real)
    // A socket or device reaches past the sandbox: whoever answers behind it is not confined.
    if (!stats.isFile() && !stats.isDirectory())
      throw invalid(option, `${quote(real)} is neither a file nor a directory`)
    return real
  } catch (error) {
    if (SkillLiteError.is(error)) throw error
    const code = (error as NodeJS.ErrnoException).code
    const reason = code === 'ENOENT' ? 'does not exist' : `cannot be read (${code ?? String(error)})`
    throw invalid(option, `${quote(absolute)} ${reason}`)
  }
}

/**
 * Refuses a skill directory whose mount would show the skill what is not its own, or hide what the sandbox needs.
 */
export function checkSkillDirectory(directory: string): void {
  const home = realHome()
  const reason = systemDirectories.has(directory)
    ? 'it is a directory of the system'
    : kernelDirectories.some((kernel) => isWithin(directory, kernel) && !isWithin(directory, '/dev/shm'))
      ? 'the sandbox has a directory of its own there'
      : home !== '' && isWithin(home, directory)
        ? 'your home directory lies in it, so the skill could read all of that'
        : undefined
  if (reason === undefined) return
  throw new SkillLiteError(
    'OPTION_INVALID',
    `The skill directory ${quote(directory)} cannot be used in a sandbox: ${reason}`,
    'Move the skill into a directory of its own.',
  )
}

function realHome(): string {
  try {
    return realpathSync(homedir())
  } catch {
    return homedir()
  }
}

const systemDirectories = new Set(
  `/ /bin /boot /dev /dev/shm /etc /home /home/skill /lib /lib32 /lib64 /media /mnt /opt /output /proc /root /run /sbin
  /srv /sys /tmp /usr /usr/bin /usr/lib /usr/lib64 /usr/local /usr/local/bin /usr/local/lib /usr/sbin /usr/share /var
  /var/tmp /Applications /Library /System /Users /Users/Shared /Volumes /cores /opt/homebrew /private /private/etc
  /private/tmp /private/var /private/var/tmp`.split(/\s+/),
)

const expandHome = (entry: string): string =>
  entry === '~' || entry.startsWith('~/') ? path.join(homedir(), entry.slice(1)) : entry

function invalid(option: string, problem: string): SkillLiteError {
  const hint =
    option === 'allowWrite'
      ? 'Name existing files or directories, one by one; make a directory before granting it.'
      : 'Name existing files or directories, one by one.'
  return new SkillLiteError('OPTION_INVALID', `${option} ${problem}`, hint)
}
