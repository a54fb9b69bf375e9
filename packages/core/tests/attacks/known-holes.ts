/** An attempt that succeeds today. Its test turns red when it no longer does, so that it leaves this list. */
export interface KnownHole {
  readonly attempt: string
  /** `lack`: an honest script that does not work. */
  readonly severity: 'high' | 'medium' | 'low' | 'lack'
  /** Where it is open. @default everywhere */
  readonly user?: 'root' | 'ordinary user'
  readonly backend?: string
  readonly reason: string
}

const NAMESPACES: readonly KnownHole[] = [
  {
    attempt: "reads the host's number of its user",
    severity: 'low',
    user: 'ordinary user',
    backend: 'namespaces',
    reason: '/proc/self/uid_map has both numbers',
  },
  {
    attempt: "reads the host's disk from the mounts",
    severity: 'low',
    backend: 'namespaces',
    reason: '/proc/self/mountinfo names the source of each mount',
  },
]

const EVERYWHERE: readonly KnownHole[] = [
  {
    attempt: "locks a host's file that it may read",
    severity: 'low',
    reason: 'flock needs no right to write',
  },
  {
    attempt: "reads the size of the host's disk",
    severity: 'low',
    reason: 'statfs tells of the file system that the skill lies on',
  },
  {
    attempt: "reads the kernel's release from its page in every process",
    severity: 'low',
    reason: 'the kernel maps it into every process',
  },
]

/** What only namespaces can do, and Landlock and the filter cannot. */
const LANDLOCK: readonly KnownHole[] = [
  ...[
    "asks for the host's uptime (Node)",
    "reads the host's uptime from the clock",
    "reads the host's uptime from its own start",
  ].map((attempt): KnownHole => ({ attempt, severity: 'low', reason: 'there is no time namespace' })),
  {
    attempt: 'becomes another user',
    severity: 'low',
    user: 'root',
    reason: 'where only root can read the skill, its script keeps the user, though without any capability',
  },
  {
    attempt: 'loads a native library from its temporary directory',
    severity: 'low',
    reason: 'Landlock does not look at mappings; the code stays in the process and has no more rights',
  },
  ...['uses a pool of processes', 'uses locks and named shared memory'].map(
    (attempt): KnownHole => ({
      attempt,
      severity: 'lack',
      reason: "/dev/shm would be the host's, shared by all its users",
    }),
  ),
  {
    attempt: 'uses asyncio',
    severity: 'lack',
    reason: 'no socket may have a name, since any process of the host could connect to it',
  },
]

export const KNOWN_HOLES: readonly KnownHole[] = [
  ...NAMESPACES,
  ...EVERYWHERE,
  ...LANDLOCK.map((hole) => ({ ...hole, backend: 'landlock' })),
]
