import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer } from 'node:http'
import net from 'node:net'
import { token } from '../world.mjs'

const HOST = '127.0.0.1'

export const network = [
  {
    id: 'http-request',
    title: 'HTTP request',
    harm: 'a server on 127.0.0.1 of the host receives the request',
    attacks: ['http-request.py'],
    prepare: async () => {
      const text = token()
      let received = false
      const server = createServer((request, response) => {
        received ||= request.url === `/${text}`
        response.end('received')
      })
      await once(server.listen(0, HOST), 'listening')
      return {
        parameters: { port: server.address().port, token: text },
        judge: () => received && 'the server received it',
        close: () => server.close().closeAllConnections(),
      }
    },
  },
  {
    id: 'dns-query',
    title: 'DNS query',
    harm: 'a UDP socket on 127.0.0.1 of the host receives the query',
    attacks: ['dns-query.py'],
    prepare: async () => {
      const text = token()
      let received = false
      const socket = createSocket('udp4').on('message', (packet) => {
        received ||= packet.includes(text)
      })
      await once(socket.bind(0, HOST), 'listening')
      return {
        parameters: { port: socket.address().port, token: text },
        judge: () => received && 'the socket received it',
        close: () => socket.close(),
      }
    },
  },
  {
    id: 'listen',
    title: 'Listen on a port',
    harm: 'a client on the host connects to the port and is answered',
    attacks: ['listen.py'],
    prepare: async () => {
      const text = token()
      const port = await freePort()
      let answered = false
      const calling = setInterval(() => {
        const client = net.connect(port, HOST).setEncoding('utf8')
        client.on('data', (data) => {
          answered ||= data.includes(text)
        })
        client.on('error', () => {})
      }, 50)
      return {
        parameters: { port, token: text },
        judge: () => answered && 'a client on the host was answered',
        close: () => clearInterval(calling),
      }
    },
  },
]

async function freePort() {
  const server = net.createServer()
  await once(server.listen(0, HOST), 'listening')
  const { port } = server.address()
  await once(server.close(), 'close')
  return port
}
