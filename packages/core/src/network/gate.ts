import { lookup } from 'node:dns/promises'
import { connect, type Socket } from 'node:net'
import { type Host, isHost, parseHost } from '../policy/hosts/host.js'
import { formatHostPort, type HostPattern } from '../policy/hosts/host-pattern.js'
import { formatAddress, type IpAddress, parseIPv4, parseIPv6 } from '../policy/hosts/ip-address.js'
import { AttemptLog } from './attempt-log.js'
import { type Decision, decideAddress, decideHost, isLocalhost } from './decide.js'
import { type ChooseUpstream, tunnelThrough, type UpstreamProxy } from './upstream-proxy.js'

/** Finds the addresses of a name. */
export type Resolve = (name: string) => Promise<readonly string[]>

export interface GateOptions {
  readonly patterns: readonly HostPattern[]
  /** What may go in both directions of all connections together. */
  readonly maxBytes: number
  /** Where a host is reached through another proxy, that one resolves its name, and no address is checked here.
   *  @default none */
  readonly upstream?: ChooseUpstream
  /** @default the system's resolver */
  readonly resolve?: Resolve
}

/** Where a connection is meant to go. */
export interface Target {
  readonly host: Host
  readonly port: number
}

/** A no that is recorded already. `message` is for the program that asked. */
export interface Refusal {
  readonly status: 400 | 403 | 502
  readonly message: string
}

/** Is told what moves, and says no when that is too much. */
export type Count = (bytes: number) => boolean

const CONNECT_MS = 10_000
/** A name may have any number of addresses. */
const MAX_ADDRESSES = 4

/** The one way out: decides, resolves once, connects to exactly what was decided about, and remembers all of it. */
export class Gate {
  readonly log = new AttemptLog()
  private readonly sockets = new Set<Socket>()
  private bytes = 0
  private closed = false

  constructor(private readonly options: GateOptions) {}

  /** Reads and decides about a host as a program wrote it. */
  ask(hostText: string, port: number): Target | Refusal {
    const host = parseHost(hostText)
    if (!isHost(host) || !(port >= 1 && port <= 65_535)) {
      const problem = isHost(host) ? 'its port is not valid' : host.problem
      return this.refuse(undefined, `${JSON.stringify(hostText.slice(0, 80))} is no host: ${problem}`, 400)
    }
    const target = { host, port }
    return this.check(target, decideHost(this.options.patterns, host, port)) ?? target
  }

  /** Connects to a target that {@link ask} has allowed. */
  async open(target: Target): Promise<Socket | Refusal> {
    const { host, port } = target
    const upstream = this.options.upstream?.(host.text, port)
    if (upstream !== undefined) return this.openThrough(upstream, target)
    const addresses = await this.addressesOf(host)
    if (addresses.length === 0) return this.fail(target, `${host.text} has no address`)
    const decided = addresses.map((address) => ({
      address,
      decision: decideAddress(this.options.patterns, host, port, address),
    }))
    const allowed = decided.filter(({ decision }) => decision.verdict === 'allowed')
    const [first] = decided
    if (allowed.length === 0 && first !== undefined) {
      return this.check(target, first.decision) ?? this.fail(target, 'nothing was decided')
    }
    if (this.bytes > this.options.maxBytes) return this.refuse(target, this.overLimit())
    let reason = ''
    for (const { address } of allowed.slice(0, MAX_ADDRESSES)) {
      const connected = await this.connect(formatAddress(address), port)
      if (typeof connected !== 'string') return connected
      reason = `${formatHostPort(formatAddress(address), port)}: ${connected}`
    }
    return this.fail(target, reason)
  }

  private async openThrough(upstream: UpstreamProxy, target: Target): Promise<Socket | Refusal> {
    if (this.bytes > this.options.maxBytes) return this.refuse(target, this.overLimit())
    const tunnel = await tunnelThrough(upstream, target.host.text, target.port, CONNECT_MS)
    if (typeof tunnel === 'string') return this.fail(target, tunnel)
    this.sockets.add(tunnel)
    tunnel.on('close', () => this.sockets.delete(tunnel))
    if (!this.closed) return tunnel
    tunnel.destroy()
    return this.fail(target, 'the run is over')
  }

  /** Records a no. */
  refuse(
    target: Target | undefined,
    reason: string,
    status: Refusal['status'] = 403,
    grant?: string,
  ): Refusal {
    this.log.add({
      host: target?.host.text ?? '',
      port: target?.port ?? 0,
      verdict: 'refused',
      reason,
      ...(grant === undefined ? {} : { grant }),
    })
    return {
      status,
      message: `skilllite: ${reason}${grant === undefined ? '' : `; the user can grant ${grant}`}`,
    }
  }

  /** Records that a connection to a target is used. */
  admit({ host, port }: Target): Count {
    const entry = this.log.add({ host: host.text, port, verdict: 'allowed', reason: '' })
    return (bytes) => {
      if (this.closed) return false
      entry.bytes += bytes
      this.bytes += bytes
      if (this.bytes <= this.options.maxBytes) return true
      this.refuse({ host, port }, this.overLimit())
      this.close()
      return false
    }
  }

  /** Ends every connection; there will be no other. */
  close(): void {
    this.closed = true
    for (const socket of this.sockets) socket.destroy()
  }

  private fail(target: Target, reason: string): Refusal {
    this.log.add({ host: target.host.text, port: target.port, verdict: 'failed', reason })
    return { status: 502, message: `skilllite: no connection: ${reason}` }
  }

  private check(target: Target, decision: Decision): Refusal | undefined {
    if (decision.verdict === 'allowed') return undefined
    return this.refuse(target, decision.reason, 403, decision.grant)
  }

  private async addressesOf(host: Host): Promise<readonly IpAddress[]> {
    if (host.address !== undefined) return [host.address]
    // Never asked of a name server, which could say anything.
    const texts = isLocalhost(host)
      ? ['127.0.0.1', '::1']
      : await (this.options.resolve ?? systemResolve)(host.text).catch(() => [])
    return texts
      .map((text) => parseIPv4(text) ?? parseIPv6(text))
      .filter((address): address is IpAddress => address !== undefined)
  }

  /** A text says why not. */
  private connect(address: string, port: number): Promise<Socket | string> {
    if (this.closed) return Promise.resolve('the run is over')
    const socket = connect({
      host: address,
      port,
      noDelay: true,
      allowHalfOpen: true,
      autoSelectFamily: false,
    })
    this.sockets.add(socket)
    socket.on('close', () => this.sockets.delete(socket))
    return new Promise((resolve) => {
      const late = setTimeout(() => end(`no answer in ${CONNECT_MS / 1000} s`), CONNECT_MS)
      const end = (why: string): void => {
        clearTimeout(late)
        socket.destroy()
        resolve(why)
      }
      socket.once('error', (error: NodeJS.ErrnoException) => end(error.code ?? error.message))
      socket.once('connect', () => {
        clearTimeout(late)
        resolve(socket)
      })
    })
  }

  private overLimit(): string {
    return `the limit of ${this.options.maxBytes} bytes for all connections is reached`
  }
}

export function isRefusal(result: object): result is Refusal {
  return 'status' in result
}

const systemResolve: Resolve = async (name) =>
  (await lookup(name, { all: true, verbatim: true })).map(({ address }) => address)
