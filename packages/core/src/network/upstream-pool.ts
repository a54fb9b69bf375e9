import { Agent, type ClientRequest, type RequestOptions } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { formatHostPort } from '../policy/hosts/host-pattern.js'
import { type Admitted, forward, hasBody } from './forward.js'
import { type Gate, isRefusal, type Refusal, type Target } from './gate.js'

/** As long as servers keep an idle connection at the least. */
const IDLE_MS = 4_000

/** There was no connection, which is recorded already. */
class NoConnection extends Error {
  constructor(readonly refusal: Refusal) {
    super(refusal.message)
  }
}

/** Has the gate make every connection; each was checked when it was opened. */
class UpstreamAgent extends Agent {
  /** Opened already, and not used yet. */
  readonly spare = new Map<string, Socket>()

  constructor(
    private readonly gate: Gate,
    keepAlive: boolean,
  ) {
    super({ keepAlive, maxFreeSockets: 8, timeout: IDLE_MS })
  }

  override createConnection(
    { target }: RequestOptions & { readonly target?: Target },
    callback: (error: Error | null, stream: Duplex) => void,
  ): undefined {
    const done = callback as (error: Error | null, stream?: Duplex) => void
    if (target === undefined) return void done(new Error('a connection without a target'))
    const spare = this.spare.get(keyOf(target))
    if (this.spare.delete(keyOf(target)) && spare?.writable === true) return void done(null, spare)
    this.gate.open(target).then(
      (opened) => (isRefusal(opened) ? done(new NoConnection(opened)) : done(null, opened)),
      (error: Error) => done(error),
    )
  }
}

/** Sends requests where they may go, over connections that are kept for the next one to the same host. */
export class UpstreamPool {
  private readonly kept: UpstreamAgent
  private readonly single: UpstreamAgent

  constructor(private readonly gate: Gate) {
    this.kept = new UpstreamAgent(gate, true)
    this.single = new UpstreamAgent(gate, false)
  }

  /** Takes over a connection that was opened for a target. */
  give(target: Target, socket: Socket): void {
    this.kept.spare.get(keyOf(target))?.destroy()
    this.kept.spare.set(keyOf(target), socket)
  }

  /** `onRefusal` hears why there was no answer. */
  send(message: Omit<Admitted, 'admit'>, onRefusal: (refusal: Refusal) => void): void {
    const { request, target } = message
    const admitted = { ...message, admit: () => this.gate.admit(target) }
    const attempt = (agent: UpstreamAgent): void => {
      const onFailure = (error: Error, upstream: ClientRequest): void => {
        if (error instanceof NoConnection) onRefusal(error.refusal)
        else if (upstream.reusedSocket) attempt(this.single)
        else
          onRefusal({
            status: 502,
            message: `skilllite: ${target.host.text} gave no answer: ${error.message}`,
          })
      }
      forward(admitted, { agent, ...{ target } }, onFailure)
    }
    // A server may close a kept connection at any moment; only what can be sent twice takes one.
    const isRepeatable = /^(GET|HEAD)$/.test(request.method ?? '') && !hasBody(request)
    attempt(isRepeatable ? this.kept : this.single)
  }
}

const keyOf = ({ host, port }: Target): string => formatHostPort(host.text, port)
