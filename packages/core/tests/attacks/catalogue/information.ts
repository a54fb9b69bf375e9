import { execFileSync } from 'node:child_process'
import { statfsSync } from 'node:fs'
import { hostname, networkInterfaces, release, totalmem, uptime } from 'node:os'
import type { Attempt } from '../attempt.js'
import { prints } from '../effects.js'
import { attempts, hostText } from './make.js'

const attempt = attempts('information')
const name = prints(() => hostname())
const kernel = prints(() => release())
const hasUsers = prints(() => /\bnobody\b/)
const files = (...names: readonly string[]) => ({ env: () => ({ A_FILES: names.join(' ') }) })
/** The host's own text, or a piece of it that nothing else has. */
const shows = (file: string) => prints(() => hostText(file).trim().slice(0, 200))
const upSince = prints(() => new RegExp(`(^|up )${Math.floor(uptime() / 100)}\\b`, 'm'))
const rootDevice = (): string => {
  try {
    return execFileSync('findmnt', ['-no', 'SOURCE', '-T', '/tmp'], { encoding: 'utf8' }).trim()
  } catch {
    return ''
  }
}
const interfaces = (): string | undefined => Object.keys(networkInterfaces()).find((one) => one !== 'lo')
/** In its user map, the second number. */
const ownIdentity = (): RegExp => new RegExp(`^\\s*\\d+\\s+${process.getuid?.() ?? 0}\\s+\\d+$`, 'm')

export const INFORMATION: readonly Attempt[] = [
  attempt('host-name.py', "asks for the host's name (Python)", name),
  attempt('host-name.mjs', "asks for the host's name (Node)", name),
  attempt('host-name.sh', "reads the host's name (sh)", name),
  attempt('kernel.py', "asks for the kernel's release (Python)", kernel),
  attempt('kernel.mjs', "asks for the kernel's release (Node)", kernel),
  attempt('kernel-files.sh', "reads the kernel's release (sh)", kernel),
  attempt(
    'kernel-note.py',
    "reads the kernel's release from its page in every process",
    prints(() => new RegExp(`kernel ${release().split('.').slice(0, 2).join('\\.')}\\b`)),
  ),
  attempt('users.py', "lists the host's users (Python)", hasUsers),
  attempt('users.sh', "reads the host's users (sh)", hasUsers),
  attempt('etc.py', "reads the machine's identity", shows('/etc/machine-id'), {
    ...files('/etc/machine-id', '/var/lib/dbus/machine-id'),
    needs: { words: 'a machine with /etc/machine-id' },
  }),
  attempt(
    'etc.py',
    'reads the number of the last boot',
    shows('/proc/sys/kernel/random/boot_id'),
    files('/proc/sys/kernel/random/boot_id'),
  ),
  attempt(
    'etc.py',
    "reads the host's release and packages",
    prints(() => /^ID=\w+/m),
    files('/etc/os-release', '/usr/lib/os-release', '/var/lib/dpkg/status'),
  ),
  attempt(
    'etc.py',
    "reads the host's processors",
    prints(() => /model name/),
    { ...files('/proc/cpuinfo'), needs: { words: 'a processor that /proc/cpuinfo names' } },
  ),
  attempt(
    'etc.py',
    "reads the host's memory",
    prints(() => /MemTotal/),
    files('/proc/meminfo'),
  ),
  attempt('etc.py', "reads the kernel's command line", shows('/proc/cmdline'), files('/proc/cmdline')),
  attempt(
    'etc.py',
    "reads the host's load and uptime",
    prints(() => /^\d+\.\d+ \d+\.\d+/m),
    files('/proc/loadavg', '/proc/uptime'),
  ),
  attempt(
    'etc.py',
    "reads the host's disks and file systems",
    prints(() => /^\s*\d+\s+\d+ \w+|nodev\s/m),
    files('/proc/partitions', '/proc/filesystems', '/proc/diskstats'),
  ),
  attempt(
    'etc.py',
    "reads the hardware's description",
    prints(() => /^[0-9a-f:]{17}$|^always|^\d+-\d+$/m),
    {
      ...files(
        '/sys/class/net/lo/address',
        '/sys/kernel/mm/transparent_hugepage/enabled',
        '/sys/devices/system/cpu/online',
      ),
    },
  ),
  attempt('etc.py', "reads the host's resolver and hosts", shows('/etc/resolv.conf'), {
    ...files('/etc/resolv.conf'),
    needs: { words: 'a machine with /etc/resolv.conf' },
  }),
  attempt(
    'etc.py',
    "reads the kernel's addresses",
    prints(() => /[0-9a-f]{16} [Tt] /),
    files('/proc/kallsyms', '/proc/modules'),
  ),
  attempt(
    'memory.mjs',
    "asks for the host's memory (Node)",
    prints(() => String(totalmem())),
  ),
  attempt('uptime.mjs', "asks for the host's uptime (Node)", upSince),
  attempt('uptime.py', "reads the host's uptime from the clock", upSince),
  attempt('start-time.py', "reads the host's uptime from its own start", upSince),
  attempt('mounts.py', "reads the host's disk from the mounts", prints(rootDevice)),
  attempt(
    'disk.py',
    "reads the size of the host's disk",
    prints(({ world }) => String(statfsSync(world.host).blocks)),
  ),
  attempt('identity.py', "reads the host's number of its user", prints(ownIdentity), {
    bare: { without: 'only a user namespace has such a map' },
  }),
  attempt('interfaces.mjs', "lists the host's network interfaces (Node)", prints(interfaces), {
    needs: { words: 'a network interface' },
  }),
  attempt('interfaces.py', "lists the host's network interfaces (Python)", prints(interfaces), {
    needs: { words: 'a network interface' },
  }),
]
