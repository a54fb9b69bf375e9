import { existsSync, readFileSync } from 'node:fs'

/** Reads a file; nothing where there is none. */
type Read = (file: string) => string | undefined

const switches: readonly { readonly file: string; readonly off: string; readonly fix: string }[] = [
  {
    file: '/proc/sys/kernel/apparmor_restrict_unprivileged_userns',
    off: '1',
    fix: 'sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0',
  },
  {
    file: '/proc/sys/kernel/unprivileged_userns_clone',
    off: '0',
    fix: 'sudo sysctl -w kernel.unprivileged_userns_clone=1',
  },
  {
    file: '/proc/sys/user/max_user_namespaces',
    off: '0',
    fix: 'sudo sysctl -w user.max_user_namespaces=15000',
  },
]

/**
 * The one line that lets user namespaces be made where a try has failed: the switch that is off, or how the container
 * must be started. Nothing where neither is known.
 */
export function usernsFix(read: Read = readOrNothing, exists: (file: string) => boolean = existsSync) {
  const closed = switches.find(({ file, off }) => read(file)?.trim() === off)
  if (closed !== undefined) return closed.fix
  if (exists('/.dockerenv')) {
    return 'docker run --security-opt seccomp=unconfined --security-opt apparmor=unconfined --security-opt systempaths=unconfined …'
  }
  if (exists('/run/.containerenv'))
    return 'podman run --security-opt seccomp=unconfined --security-opt unmask=ALL …'
  return undefined
}

function readOrNothing(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}
