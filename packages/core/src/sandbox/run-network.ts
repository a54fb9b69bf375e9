import { realpathSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { NetworkAttempt } from '../network/network-attempt.js'
import type { ChooseUpstream } from '../network/upstream-proxy.js'
import { parseHostPattern } from '../policy/hosts/host-pattern.js'
import type { SandboxPolicy } from '../policy/sandbox-policy.js'
import type { NetworkAccess } from './launch.js'

/** The network of one run. */
export interface RunNetwork {
  /** Nothing where no host is granted. */
  readonly access?: NetworkAccess
  attempts(): readonly NetworkAttempt[]
  close(): Promise<void>
}

const none: RunNetwork = { attempts: () => [], close: () => Promise.resolve() }

/** Opens the way out that a policy grants. Without a granted host nothing of it is even loaded. */
export async function openRunNetwork(
  { hosts, limits }: SandboxPolicy,
  upstream: ChooseUpstream | undefined,
): Promise<RunNetwork> {
  if (hosts.length === 0) return none
  const { openEgressProxy } = await import('../network/egress-proxy.js')
  const proxy = await openEgressProxy({
    patterns: hosts.map(parseHostPattern),
    maxBytes: limits.networkBytes,
    maxConnections: limits.connections,
    ...(upstream === undefined ? {} : { upstream }),
  })
  return {
    access: { socketPath: proxy.socketPath, nodePreload: nodePreload() },
    attempts: proxy.attempts,
    close: proxy.close,
  }
}

function nodePreload(): string {
  // As built, all code lies in dist/; in the repository, this file lies one level deeper.
  const up = import.meta.url.endsWith('.ts') ? '../../preload' : '../preload'
  return realpathSync(fileURLToPath(new URL(`${up}/node-proxy.cjs`, import.meta.url)))
}
