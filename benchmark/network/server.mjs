// Two servers of this machine: small HTTP answers, and as many bytes as asked for by `send N`.
import { createServer as createHttpServer } from 'node:http'
import { createServer } from 'node:net'

const block = Buffer.alloc(1 << 20, 'x')

const http = createHttpServer((_, response) => response.end('{"small":true}'))
const bytes = createServer((socket) => {
  socket.on('error', () => {})
  socket.once('data', (line) => {
    let left = Number(/send (\d+)/.exec(line.toString())?.[1])
    const send = () => {
      while (left > 0) {
        const part = left < block.length ? block.subarray(0, left) : block
        left -= part.length
        if (!socket.write(part)) return void socket.once('drain', send)
      }
    }
    send()
  })
})
for (const server of [http, bytes]) await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
process.send?.({ http: http.address().port, bytes: bytes.address().port })
