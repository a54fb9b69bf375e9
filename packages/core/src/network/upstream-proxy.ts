import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { connect, type Socket } from 'node:net'
import { formatHostPort } from '../policy/hosts/host-pattern.js'

/** A proxy of the user's own, which connections go through instead of straight to a host. */
export interface UpstreamProxy {
  readonly host: string
  readonly port: number
  /** Whether the proxy itself is spoken to by TLS. */
  readonly secure: boolean
  /** Value of `Proxy-Authorization`. */
  readonly authorization?: string
}

/** Chooses the proxy for a host; nothing: it is connected to directly. */
export type ChooseUpstream = (host: string, port: number) => UpstreamProxy | undefined

/** Reads a proxy as variables and configurations name it; nothing for what is no HTTP proxy. */
export function parseUpstreamProxy(given: string): UpstreamProxy | undefined {
  let url: URL
  try {
    url = new URL(/^[\w+.-]+:\/\//.test(given) ? given : `http://${given}`)
  } catch {
    return undefined
  }
  const secure = url.protocol === 'https:'
  if ((!secure && url.protocol !== 'http:') || url.hostname === '') return undefined
  const user = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: Number(url.port || (secure ? 443 : 80)),
    secure,
    ...(user === ':' ? {} : { authorization: `Basic ${Buffer.from(user).toString('base64')}` }),
  }
}

/** A tunnel to a host through a proxy; a text says why there is none. */
export function tunnelThrough(
  proxy: UpstreamProxy,
  host: string,
  port: number,
  timeoutMs: number,
): Promise<Socket | string> {
  const authority = formatHostPort(host, port)
  const place = `the proxy ${formatHostPort(proxy.host, proxy.port)}`
  return new Promise((resolve) => {
    const asking = (proxy.secure ? httpsRequest : httpRequest)({
      method: 'CONNECT',
      path: authority,
      host: proxy.host,
      port: proxy.port,
      agent: false,
      headers: {
        Host: authority,
        ...(proxy.authorization === undefined ? {} : { 'Proxy-Authorization': proxy.authorization }),
      },
      ...(proxy.secure
        ? {}
        : {
            createConnection: () =>
              connect({ host: proxy.host, port: proxy.port, noDelay: true, allowHalfOpen: true }),
          }),
    })
    const fail = (why: string): void => {
      asking.destroy()
      resolve(`${place}: ${why}`)
    }
    const late = setTimeout(() => fail(`no answer in ${timeoutMs / 1000} s`), timeoutMs)
    asking.on('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(late)
      resolve(`${place}: ${error.code ?? error.message}`)
    })
    asking.on('response', (response) => {
      clearTimeout(late)
      fail(`status ${response.statusCode} for ${authority}`)
    })
    asking.on('connect', (response, socket, head) => {
      clearTimeout(late)
      if (response.statusCode !== 200) {
        socket.destroy()
        return resolve(`${place}: status ${response.statusCode} for ${authority}`)
      }
      if (head.length > 0) socket.unshift(head)
      resolve(socket as Socket)
    })
    asking.end()
  })
}
