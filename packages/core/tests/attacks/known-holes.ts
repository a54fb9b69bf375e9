/** An attempt that succeeds today. Its test turns red when it no longer does, so that it leaves this list. */
export interface KnownHole {
  readonly attempt: string
  readonly severity: 'high' | 'medium' | 'low'
  /** Where it is open. @default everywhere */
  readonly user?: 'root' | 'ordinary user'
  readonly backend?: string
  readonly reason: string
}

const withoutCgroup = 'ordinary user' as const

export const KNOWN_HOLES: readonly KnownHole[] = [
  ...['Python', 'sh'].map(
    (language): KnownHole => ({
      attempt: `reads a hard link of the package to a secret (${language})`,
      severity: 'medium',
      reason: 'a file with more than one name is mounted like any other',
    }),
  ),
  ...['Python', 'Node', 'sh'].map(
    (language): KnownHole => ({
      attempt: `writes to a host's reader through a named pipe of the package (${language})`,
      severity: 'medium',
      reason:
        'below /tmp the skill directory inherits the right to write from the private /tmp, and a read-only mount does not hold pipes',
    }),
  ),
  {
    attempt: 'moves the directory above the skill away, where writing there is granted',
    severity: 'high',
    reason: 'a mount point cannot be renamed, but the directories above it can',
  },
  {
    attempt: 'makes a set-uid file in a directory that it may write',
    severity: 'medium',
    reason: 'the filter does not look at the mode of chmod; where root runs it, the file belongs to root',
  },
  {
    attempt: 'creates a file as set-uid in a directory that it may write',
    severity: 'medium',
    reason: 'the filter does not look at the mode of open',
  },
  {
    attempt: 'fills shared memory without a name',
    severity: 'high',
    user: withoutCgroup,
    reason: 'the watchdog counts RssAnon and not shared memory',
  },
  {
    attempt: 'fills shared memory that is in no page table any more',
    severity: 'high',
    user: withoutCgroup,
    reason: 'shared memory without a name is held by its mapping alone',
  },
  {
    attempt: 'fills shared mappings of /dev/zero',
    severity: 'high',
    user: withoutCgroup,
    reason: 'a shared mapping of /dev/zero is shared memory without a name',
  },
  {
    attempt: 'fills page tables',
    severity: 'medium',
    user: withoutCgroup,
    reason: 'the exact look leaves page tables out, and holds the process up',
  },
  {
    attempt: 'burns processor time in short processes that nobody waits for',
    severity: 'medium',
    user: withoutCgroup,
    reason: 'the time of processes that are never waited for is added nowhere',
  },
  {
    attempt: 'leaves 7,000 artifacts with names of 4,000 bytes',
    severity: 'medium',
    reason: 'the report outgrows its limit, the supervisor its memory, and the run is lost',
  },
  {
    attempt: 'leaves artifacts that would overwrite and follow',
    severity: 'medium',
    reason: "directories of artifacts are made through links in the host's output directory",
  },
  {
    attempt: "puts commands for the terminal into the engine's messages",
    severity: 'low',
    reason: 'quote() leaves the characters that turn the direction of text',
  },
  {
    attempt: "locks a host's file that it may read",
    severity: 'low',
    reason: 'flock needs no right to write',
  },
  ...[
    "asks for the host's uptime (Node)",
    "reads the host's uptime from the clock",
    "reads the host's uptime from its own start",
  ].map((attempt): KnownHole => ({ attempt, severity: 'low', reason: 'there is no time namespace' })),
  {
    attempt: "reads the host's disk from the mounts",
    severity: 'low',
    reason: '/proc/self/mountinfo names the source of each mount',
  },
  {
    attempt: "reads the size of the host's disk",
    severity: 'low',
    reason: 'statfs tells of the file system that the skill lies on',
  },
  {
    attempt: "reads the host's number of its user",
    severity: 'low',
    user: 'ordinary user',
    reason: '/proc/self/uid_map has both numbers',
  },
  {
    attempt: "reads the kernel's release from its page in every process",
    severity: 'low',
    reason: 'the kernel maps it into every process',
  },
]
