import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { chatCompletion, chatCompletionChunks } from './chat-completions.js'
import { response, responseEvents } from './responses.js'
import type { Answer, Failure, ScriptedRequest, Turn } from './turn.js'

export interface ScriptedServerOptions {
  /** One for each request for an answer, in this order; or one function for all of them. A request after the last one is
   *  answered with status 400, which no client tries again. */
  readonly turns: readonly TurnSource[] | ((request: ScriptedRequest) => Turn | Promise<Turn>)
  /** Names that `/v1/models` lists.
   *  @default ['scripted'] */
  readonly models?: readonly string[]
}

export type TurnSource = Turn | ((request: ScriptedRequest) => Turn | Promise<Turn>)

export interface ScriptedServer {
  /** For a client's `baseURL`; ends with `/v1`. */
  readonly baseURL: string
  /** The requests for an answer so far, in the order they came. */
  readonly requests: readonly ScriptedRequest[]
  /** Turns that nobody has asked for yet; 0 where one function gives them all. */
  readonly turnsLeft: number
  close(): Promise<void>
}

interface Dialect {
  readonly whole: (answer: Answer, request: ScriptedRequest, id: string) => object
  readonly chunks: (answer: Answer, request: ScriptedRequest, id: string) => object[]
  /** Server-sent events with a name, and without a last `[DONE]`. */
  readonly named: boolean
}

const dialects: Readonly<Record<string, Dialect>> = {
  '/v1/chat/completions': { whole: chatCompletion, chunks: chatCompletionChunks, named: false },
  '/v1/responses': { whole: response, chunks: responseEvents, named: true },
}

/** Starts an OpenAI-compatible server on a free port of 127.0.0.1 that answers by script. */
export async function startScriptedServer(options: ScriptedServerOptions): Promise<ScriptedServer> {
  const { turns, models = ['scripted'] } = options
  const requests: ScriptedRequest[] = []

  const turnOf = (request: ScriptedRequest, index: number): Turn | Promise<Turn> => {
    if (typeof turns === 'function') return turns(request)
    const turn = turns[index]
    if (turn === undefined)
      return { status: 400, message: `The script has ${turns.length} turns and no more` }
    return typeof turn === 'function' ? turn(request) : turn
  }

  const server = createServer(async (incoming, outgoing) => {
    const path = new URL(incoming.url ?? '/', 'http://127.0.0.1').pathname
    if (path === '/v1/models') return sendJson(outgoing, 200, modelList(models))
    const dialect = dialects[path]
    if (dialect === undefined) return sendFailure(outgoing, { status: 404, message: `Nothing at ${path}` })
    const request = await readRequest(incoming, outgoing, path)
    const index = requests.push(request) - 1
    try {
      const turn = await turnOf(request, index)
      if (turn.delayMs !== undefined) await sleep(turn.delayMs)
      if ('status' in turn) sendFailure(outgoing, turn)
      else await sendAnswer(outgoing, turn, request, dialect, String(index + 1))
    } catch (error) {
      sendFailure(outgoing, { status: 400, message: `The script failed: ${String(error)}` })
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    baseURL: `http://127.0.0.1:${port}/v1`,
    requests,
    get turnsLeft() {
      return typeof turns === 'function' ? 0 : Math.max(0, turns.length - requests.length)
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function readRequest(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  path: string,
): Promise<ScriptedRequest> {
  const parts: Buffer[] = []
  for await (const part of incoming) parts.push(part)
  const text = Buffer.concat(parts).toString()
  const request = {
    method: incoming.method ?? '',
    path,
    headers: incoming.headers,
    body: text === '' ? undefined : JSON.parse(text),
    at: performance.now(),
    abandoned: false,
  }
  outgoing.on('close', () => {
    request.abandoned = !outgoing.writableFinished
  })
  return request
}

async function sendAnswer(
  outgoing: ServerResponse,
  answer: Answer,
  request: ScriptedRequest,
  dialect: Dialect,
  id: string,
): Promise<void> {
  if (request.body?.stream === true) return sendStream(outgoing, answer, request, dialect, id)
  const body = dialect.whole(answer, request, id)
  if (answer.cutAfterChunks === undefined) return sendJson(outgoing, 200, body)
  const text = JSON.stringify(body)
  outgoing.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) })
  outgoing.write(text.slice(0, text.length / 2), () => outgoing.destroy())
}

async function sendStream(
  outgoing: ServerResponse,
  answer: Answer,
  request: ScriptedRequest,
  { chunks, named }: Dialect,
  id: string,
): Promise<void> {
  outgoing.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' })
  outgoing.flushHeaders()
  let sent = 0
  for (const chunk of chunks(answer, request, id)) {
    if (answer.chunkDelayMs !== undefined) await sleep(answer.chunkDelayMs)
    if (sent === answer.cutAfterChunks || outgoing.destroyed) {
      outgoing.destroy()
      return
    }
    if (sent === answer.endAfterChunks) {
      outgoing.end()
      return
    }
    const event = named ? `event: ${(chunk as { type: string }).type}\n` : ''
    // each written out before the next, so that a cut comes after exactly so many
    await new Promise((resolve) => outgoing.write(`${event}data: ${JSON.stringify(chunk)}\n\n`, resolve))
    sent += 1
  }
  outgoing.end(named ? '' : 'data: [DONE]\n\n')
}

function sendFailure(outgoing: ServerResponse, failure: Failure): void {
  const { status, message = 'Scripted failure', headers = {} } = failure
  sendJson(outgoing, status, { error: { message, type: 'scripted', param: null, code: null } }, headers)
}

function sendJson(outgoing: ServerResponse, status: number, body: object, headers: object = {}): void {
  if (outgoing.headersSent) {
    outgoing.destroy()
    return
  }
  outgoing.writeHead(status, { 'content-type': 'application/json', ...headers })
  outgoing.end(JSON.stringify(body))
}

function modelList(models: readonly string[]): object {
  return {
    object: 'list',
    data: models.map((id) => ({ id, object: 'model', created: 0, owned_by: 'script' })),
  }
}
