import { existsSync, statSync, symlinkSync } from 'node:fs'
import path from 'node:path'
import type { Attempt, Effect } from '../attempt.js'
import { changes, contacts, leaks, prints, seenAtReady } from '../effects.js'
import type { World } from '../world.js'
import {
  attempts,
  canaryFile,
  deviceNumber,
  diskStart,
  hostDirectory,
  hostText,
  makeNode,
  plantHardLink,
  plantLink,
  plantOtherSkill,
  ROOT,
  secretFile,
} from './make.js'

const attempt = attempts('files')
const lists = prints(() => /canary\.txt/)
const mounts = seenAtReady('a file system was mounted', ({ mounts }) => mounts.includes('attack-fs'))
const unmounts = seenAtReady('a file system was unmounted', ({ mounts }) => !/ \/proc /.test(mounts))
const swapsRoot = seenAtReady('the root was swapped', ({ mounts }) => / \/old /.test(mounts))
const outsideNamespace = { words: 'user namespaces or root' } as const
const readsDisk = prints(() => diskStart())

/** The skill's own script is what it was. */
const tampers: Effect = ({ world }) => {
  const main = path.join(world.skill, 'main.py')
  return hostText(main).includes('import') ? undefined : `${main} is now ${JSON.stringify(hostText(main))}`
}
const leavesSetUid: Effect = ({ world }) => {
  const file = path.join(hostDirectory(world), 'shell')
  const mode = existsSync(file) ? statSync(file).mode & 0o7777 : 0
  return (mode & 0o6000) === 0 ? undefined : `${file} of the host has mode ${mode.toString(8)}`
}
const changesCanary: Effect = ({ world }) =>
  hostText(canaryFile(world)) === 'untouched\n' ? undefined : 'a file that may only be read was changed'
const grant = (world: World) => ({ allowWrite: [hostDirectory(world)] })

export const FILES: readonly Attempt[] = [
  attempt('read-secret.py', "reads a host's file by its path (Python)", leaks),
  attempt('read-secret.mjs', "reads a host's file by its path (Node)", leaks),
  attempt('read-secret.sh', "reads a host's file by its path (sh)", leaks),
  attempt('traverse.py', 'climbs out of the skill directory with .. (Python)', leaks),
  attempt('traverse.mjs', 'climbs out of the skill directory with .. (Node)', leaks),
  attempt('traverse.sh', 'climbs out of the skill directory with .. (sh)', leaks),
  attempt('traverse-descriptor.py', 'climbs out of a directory descriptor', leaks),
  attempt('traverse-openat2.py', 'climbs out with openat2', leaks),
  attempt('follow-link.py', 'follows a symbolic link of the package to a secret (Python)', leaks, {
    plant: plantLink(secretFile),
  }),
  attempt('follow-link.mjs', 'follows a symbolic link of the package to a secret (Node)', leaks, {
    plant: plantLink(secretFile),
  }),
  attempt('follow-link.sh', 'follows a relative symbolic link of the package (sh)', leaks, {
    plant: plantLink(() => '../../secret.txt'),
  }),
  attempt('follow-link.py', 'follows a symbolic link through /proc/self/root', leaks, {
    plant: plantLink((world) => `/proc/self/root${secretFile(world)}`),
  }),
  attempt('follow-directory-link.py', 'lists and reads a linked directory', leaks, {
    plant: plantLink((world) => world.host),
  }),
  attempt('follow-link.py', 'reads a hard link of the package to a secret (Python)', leaks, {
    plant: plantHardLink(secretFile),
    mayReject: 'landlock',
  }),
  attempt('follow-link.sh', 'reads a hard link of the package to a secret (sh)', leaks, {
    plant: plantHardLink(secretFile),
    mayReject: 'landlock',
  }),
  attempt('make-link.py', 'makes a symbolic link to a secret at run time', leaks),
  attempt('make-hard-link.py', 'makes a hard link to a secret at run time', leaks),
  attempt('proc-root.py', "reads through other processes' /proc/<pid>/root (Python)", leaks),
  attempt('proc-root.mjs', "reads through other processes' /proc/<pid>/root (Node)", leaks),
  attempt('proc-cwd.py', 'reads through /proc/<pid>/cwd', leaks),
  attempt('proc-map-files.py', 'opens the descriptors and mappings of every process', leaks, {
    // Without a sandbox the process has it open itself.
    launcher: (world) => `exec 5<${secretFile(world)}`,
  }),
  attempt('escape-open-root.py', 'climbs above the root from an open root directory', leaks),
  attempt('chroot-escape.py', 'breaks out with chroot', leaks, { needs: ROOT }),
  attempt('overwrite-runner.py', 'overwrites the runner through /proc/1/exe', changes, {
    bare: { without: 'it would be the machine that it overwrites' },
  }),
  attempt('mount-tmpfs.py', 'mounts a file system', mounts, { needs: outsideNamespace }),
  attempt(
    'mount-bind.py',
    'binds a directory over another',
    seenAtReady('a directory was bound', ({ mounts }) => / \/usr \/tmp | \/mnt /.test(mounts)),
    {
      needs: outsideNamespace,
    },
  ),
  attempt('mount-proc.py', 'mounts a fresh proc', mounts, { needs: outsideNamespace }),
  attempt('mount-new-api.py', 'mounts with fsopen, fsmount and move_mount', mounts, {
    needs: outsideNamespace,
  }),
  attempt(
    'mount-open-tree.py',
    'clones a mount with open_tree',
    seenAtReady('a mount was cloned', ({ mounts }) => / \/usr \/tmp /.test(mounts)),
    {
      needs: outsideNamespace,
    },
  ),
  attempt('mount-remount.py', 'remounts the skill directory writable', changes),
  attempt('unmount.py', 'unmounts what hides the host', unmounts, { needs: ROOT }),
  attempt('pivot-root.py', 'swaps the root with pivot_root', swapsRoot, { needs: outsideNamespace }),
  attempt('file-handle.py', 'opens a file by its handle', leaks, {
    needs: ROOT,
    env: () => ({ A_INODE: '2' }),
  }),
  attempt(
    'write-secret-pipe.py',
    "writes to a host's reader through a named pipe of the package (Python)",
    contacts,
    { with: ['pipe'] },
  ),
  attempt(
    'write-secret-pipe.mjs',
    "writes to a host's reader through a named pipe of the package (Node)",
    contacts,
    { with: ['pipe'] },
  ),
  attempt('write-pipe.sh', "writes to a host's reader through a named pipe of the package (sh)", contacts, {
    with: ['pipe'],
  }),
  attempt('read-device.py', "reads the host's disk through a device of the package", readsDisk, {
    needs: ROOT,
    mayReject: 'landlock',
    plant: (world) => {
      const device = deviceNumber(world)
      makeNode(path.join(world.skill, 'device'), 'b', String((device >> 8) & 0xfff), String(device & 0xff))
    },
  }),
  attempt('make-device.py', "makes a device of the host's disk and reads it", readsDisk, {
    needs: ROOT,
    env: (world) => ({ A_DEVICE: String(deviceNumber(world)) }),
  }),
  attempt('write-host.py', 'makes a file on the host (Python)', changes),
  attempt('write-host.mjs', 'makes a file on the host (Node)', changes),
  attempt('write-host.sh', 'makes a file on the host (sh)', changes),
  attempt('overwrite-canary.py', "overwrites a host's file", changes),
  attempt('overwrite-link.py', "writes to a host's file through a symbolic link of the package", changes, {
    plant: plantLink(canaryFile),
  }),
  attempt(
    'append-link.mjs',
    "writes to a host's file through a symbolic link of the package (Node)",
    changes,
    {
      plant: plantLink(canaryFile),
    },
  ),
  attempt('overwrite-link.py', "writes to a host's file through a hard link of the package", changes, {
    plant: plantHardLink(canaryFile),
    mayReject: 'landlock',
  }),
  attempt('delete-host.py', "deletes a host's file", changes),
  attempt('rename-host.py', "renames a host's file", changes),
  attempt('change-self.py', 'changes its own script (Python)', changes),
  attempt('change-self.mjs', 'changes its own script (Node)', changes),
  attempt('change-self.sh', 'changes its own script (sh)', changes),
  attempt('replace-skill.py', 'replaces SKILL.md by a rename', changes),
  attempt('delete-in-skill.py', 'deletes SKILL.md', changes),
  attempt('chmod-skill.py', 'makes its own script set-uid and writable', changes),
  attempt('touch-skill.py', 'changes the time of SKILL.md', changes),
  attempt('truncate-skill.py', 'truncates SKILL.md', changes),
  attempt('map-shared.py', 'writes to SKILL.md through a shared mapping', changes),
  attempt('proc-mem-write.py', 'writes to a read-only mapping through /proc/self/mem', changes, {
    bare: { without: 'the kernel refuses it to everybody; a bug there would be the hole' },
  }),
  attempt('byte-code.py', 'writes byte code beside the skill', changes),
  attempt(
    'rename-above.py',
    'moves the directory above the skill away, where writing there is granted',
    tampers,
    {
      options: (world) => ({ allowWrite: [world.host] }),
      mayChange: true,
      mayReject: 'landlock',
    },
  ),
  attempt(
    'remove-skill-directory.py',
    'moves its own directory away, where writing above is granted',
    tampers,
    {
      options: (world) => ({ allowWrite: [path.dirname(world.skill)] }),
      mayChange: true,
      mayReject: 'landlock',
    },
  ),
  attempt('set-uid-granted.py', 'makes a set-uid file in a directory that it may write', leavesSetUid, {
    options: grant,
    mayChange: true,
  }),
  attempt('set-uid-create.py', 'creates a file as set-uid in a directory that it may write', leavesSetUid, {
    options: grant,
    mayChange: true,
  }),
  attempt('device-granted.py', 'makes a device in a directory that it may write', changes, {
    needs: ROOT,
    options: grant,
    env: (world) => ({ A_DEVICE: String(deviceNumber(world)) }),
  }),
  attempt('link-in-granted.py', 'writes through a link out of a directory that it may write', changes, {
    options: grant,
    plant: (world) => symlinkSync(canaryFile(world), path.join(hostDirectory(world), 'link')),
  }),
  attempt(
    'hard-link-granted.py',
    'links a file that it may read into a directory that it may write',
    changesCanary,
    {
      mayChange: true,
      options: (world) => ({ ...grant(world), allowRead: [canaryFile(world)] }),
    },
  ),
  attempt('write-granted-read.py', 'writes to a file that it may read', changes, {
    options: (world) => ({ allowRead: [canaryFile(world)] }),
  }),
  attempt('other-skill.py', 'reads a file of another skill', leaks, { plant: plantOtherSkill }),
  attempt('list-home.sh', 'lists a directory of the host (sh)', lists),
  attempt('list-host.py', 'lists a directory of the host (Python)', lists),
  attempt('list-host.mjs', 'lists a directory of the host (Node)', lists),
]
