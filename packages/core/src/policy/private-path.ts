import { homedir } from 'node:os'
import path from 'node:path'
import { secretKind } from '../scan/text/secret-path.js'
import { isWithin } from './host-paths.js'

/** Directories of the system that hold no files of a user, or secrets besides them. */
const systemDirectories =
  `/boot /dev /etc /proc /run /sys /System /Library/Keychains /private/etc /private/var/db
  /private/var/root /var/backups /var/lib /var/log /var/mail /var/run /var/spool`.split(/\s+/)

/** Hidden directories that are private even for who works in them. */
const secretDirectories =
  /(^|\/)(\.ssh|\.gnupg|\.aws|\.azure|\.kube|\.docker|\.git|\.password-store|\.mozilla|\.config|keyrings|keychains)(\/|$)/i

/** Also what somebody kept of one under a longer name. */
const keyFile =
  /\.(pem|key|p12|pfx|jks|keystore|kdbx|ppk|asc|gpg|env)(\.[^/]*)?$|(^|\/)id_[^/]*\.(?!pub$)[^/]*$/i

/**
 * Why a file, by its real path, is not one that a model may name for a run: it belongs to the system, is hidden, or is
 * where secrets are kept. Nothing for any other. What lies above the directory that the host works in is not looked at.
 */
export function privatePathReason(real: string, cwd: string): string | undefined {
  if (systemDirectories.some((directory) => isWithin(real, directory))) return 'it belongs to the system'
  const kind = secretKind(real)
  if (kind !== undefined || keyFile.test(real) || secretDirectories.test(real))
    return 'secrets are kept in files of that name'
  const own = isWithin(real, cwd) ? path.relative(cwd, real) : real
  if (own.split(path.sep).some((part) => part.startsWith('.'))) return 'it is hidden'
  return isWithin(real, path.join(homedir(), 'Library')) ? 'it belongs to the system' : undefined
}
