import { chmodSync, copyFileSync } from 'node:fs'
import path from 'node:path'
import type { Attempt, Effect } from '../attempt.js'
import { holds, leaks, leavesNamespace, prints, seenAtReady } from '../effects.js'
import { attempts, ROOT } from './make.js'

const attempt = attempts('privileges')
const flags = (value: string) => ({ env: () => ({ A_FLAGS: value }), needs: NAMESPACES })
const NAMESPACES = { words: 'user namespaces or root' } as const
const hasCapabilities = seenAtReady(
  'a process had capabilities',
  ({ status }) => !/^0*$/.test(status.CapEff ?? '0'),
)
const isAnother = seenAtReady('a process became another user', ({ status }) =>
  /^(0|12345)\s/.test(status.Uid ?? ''),
)
const hasTwoUsers = seenAtReady('a process has a second user', ({ status }) => {
  const [real, effective] = (status.Uid ?? '').split('\t')
  return real !== effective
})
const calls = (name: string) => ({ env: () => ({ A_CALL: name }) })
const NETWORK_FILE = /^socket:/
const isIntel = process.arch === 'x64'
const LEGACY = { words: "an x86-64 kernel with 32-bit programs' system calls" } as const
const leftOver: Effect = prints(() => 'LEFTOVER')

const UNSHARED: readonly (readonly [string, string])[] = [
  ['user', '0x10000000'],
  ['mnt', '0x20000'],
  ['net', '0x40000000'],
  ['ipc', '0x8000000'],
  ['uts', '0x4000000'],
  ['cgroup', '0x2000000'],
]

export const PRIVILEGES: readonly Attempt[] = [
  attempt('set-user.py', 'becomes another user', isAnother, { needs: ROOT }),
  attempt('gain-capabilities.py', 'takes capabilities', hasCapabilities, { needs: NAMESPACES }),
  ...UNSHARED.map(([name, value]) =>
    attempt('unshare.py', `makes a ${name} namespace with unshare`, leavesNamespace(name), flags(value)),
  ),
  attempt(
    'unshare.py',
    'makes a PID namespace with unshare',
    leavesNamespace('pid_for_children'),
    flags('0x20000000'),
  ),
  attempt(
    'unshare.py',
    'makes a time namespace with unshare',
    leavesNamespace('time_for_children'),
    flags('0x80'),
  ),
  attempt('clone.py', 'makes a user namespace with clone', leavesNamespace('user'), flags('0x10000000')),
  attempt(
    'clone.py',
    'makes user and network namespaces with clone',
    leavesNamespace('net'),
    flags('0x50000000'),
  ),
  attempt('clone3.py', 'makes a user namespace with clone3', leavesNamespace('user'), flags('0x10000000')),
  attempt('clone3-race.py', 'changes the flags of clone3 while they are checked', leavesNamespace('user'), {
    needs: NAMESPACES,
  }),
  attempt('join-namespace.py', "joins the host's namespaces", leaks, { with: ['victim'] }),
  attempt('keyring.py', 'leaves a key in the keyring for the next run', leftOver, { runs: 2 }),
  attempt('hold.py', 'opens a BPF map', holds(/bpf/), { ...calls('bpf'), needs: ROOT }),
  attempt('hold.py', 'sets up io_uring', holds(/io_uring/), calls('io_uring_setup')),
  attempt('hold.py', 'handles page faults with userfaultfd', holds(/userfaultfd/), calls('userfaultfd')),
  attempt('hold.py', 'counts with perf_event_open', holds(/perf_event/), {
    ...calls('perf_event_open'),
    needs: { words: 'a machine with performance events' },
  }),
  attempt('hold.py', 'watches files with fanotify', holds(/fanotify/), calls('fanotify_init')),
  attempt(
    'hold.py',
    'makes a file in memory with memfd_create',
    holds(/memfd:attack/),
    calls('memfd_create'),
  ),
  attempt('hold.py', 'makes secret memory with memfd_secret', holds(/secretmem/), {
    ...calls('memfd_secret'),
    needs: { words: 'a kernel with memfd_secret' },
  }),
  attempt('hold.py', 'opens a file system context with fsopen', holds(/fscontext/), {
    ...calls('fsopen'),
    needs: NAMESPACES,
  }),
  attempt(
    'personality.py',
    'switches address randomisation off',
    seenAtReady('a process has another personality', ({ personality }) => !/^0*$/.test(personality)),
    {
      // Node and Python start with none.
    },
  ),
  attempt('own-filter.py', 'adds a system call filter with a listener of its own', holds(/seccomp notify/)),
  attempt(
    'unset-no-new-privileges.py',
    'lifts no_new_privs',
    seenAtReady('a process may get new privileges', ({ status }) => status.NoNewPrivs === '0'),
  ),
  ...(isIntel
    ? [
        attempt('int80.py', 'opens a network socket through int 0x80', holds(NETWORK_FILE), {
          needs: LEGACY,
        }),
        attempt('int80-unshare.py', 'makes a user namespace through int 0x80', leavesNamespace('user'), {
          needs: LEGACY,
        }),
        attempt('x32.py', 'opens a network socket through the x32 interface', holds(NETWORK_FILE), {
          needs: { words: 'a kernel with the x32 interface' },
        }),
      ]
    : []),
  attempt(
    'raise-priority.py',
    'raises its priority',
    seenAtReady('a process has a higher priority', ({ nice }) => nice < 0),
    { needs: ROOT },
  ),
  attempt(
    'real-time.py',
    'takes real-time priority',
    seenAtReady('a process has another scheduler', ({ policy }) => policy !== 0),
  ),
  attempt(
    'spare-from-oom.py',
    'spares itself when memory runs out',
    seenAtReady('a process is spared', ({ oomScoreAdjust }) => oomScoreAdjust.startsWith('-')),
    { needs: ROOT },
  ),
  attempt('set-uid-program.py', 'starts a set-uid program of the package, even a granted one', hasTwoUsers, {
    needs: ROOT,
    plant: ({ skill }) => {
      copyFileSync('/bin/sleep', path.join(skill, 'suid'))
      chmodSync(path.join(skill, 'suid'), 0o4755)
    },
    options: ({ skill }) => ({ allowPrograms: [path.join(skill, 'suid')] }),
  }),
  attempt(
    'chroot.py',
    'changes its root directory',
    seenAtReady(
      'a process has another root',
      ({ root }, all) => all.some((other) => other.root !== '/') && root === '/usr',
    ),
    { needs: NAMESPACES },
  ),
  attempt(
    'kernel-log.py',
    "reads the kernel's log",
    prints(() => /Linux version/),
    { needs: { words: 'root, or a readable kernel log that still has the start', user: 'root' } },
  ),
  attempt(
    'raise-limits.py',
    'raises its limits',
    seenAtReady('a process holds 1,000 descriptors', ({ descriptors }) => descriptors.length > 1_000),
  ),
]
