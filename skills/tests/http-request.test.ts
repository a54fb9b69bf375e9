import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { failure, python, run } from './run-script.js'

const server = createServer((request, response) => {
  if (request.url === '/moved') {
    response.writeHead(302, { location: `http://localhost:${port}/echo` }).end()
  } else if (request.url === '/bytes') {
    response.writeHead(404, { 'content-type': 'image/png' }).end(Buffer.from([0xff, 0xd8]))
  } else if (request.url === '/long') {
    response.end('x'.repeat(50))
  } else {
    const chunks: Buffer[] = []
    request.on('data', (chunk) => chunks.push(chunk))
    request.on('end', () => {
      const { method, headers } = request
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify({ method, headers, body: Buffer.concat(chunks).toString() }))
    })
  }
})
let port = 0

beforeAll(async () => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  port = (server.address() as AddressInfo).port
})
afterAll(() => server.close())

function request(path: string, input: object = {}) {
  return run([python, 'scripts/main.py'], 'http-request', {
    url: `http://127.0.0.1:${port}${path}`,
    ...input,
  })
}

test('http-request sends an object as JSON and parses a JSON answer', async () => {
  expect(
    await request('/echo', { method: 'POST', body: { a: 1 }, headers: { 'X-Test': 'yes' } }),
  ).toMatchObject({
    code: 0,
    output: {
      status: 200,
      body: {
        method: 'POST',
        body: '{"a": 1}',
        headers: { 'x-test': 'yes', 'content-type': 'application/json' },
      },
      truncated: false,
    },
  })
})

test('http-request reports an error status as an answer and other content as base64', async () => {
  expect(await request('/bytes')).toMatchObject({
    code: 0,
    output: { status: 404, reason: 'Not Found', body: '/9g=', encoding: 'base64' },
  })
})

test('http-request cuts a long answer and says so', async () => {
  expect(await request('/long', { max_bytes: 3 })).toMatchObject({ output: { body: 'xxx', truncated: true } })
})

test('http-request follows a redirect without taking credentials to another host', async () => {
  const { output } = await request('/moved', { headers: { Authorization: 'secret', 'X-Other': 'kept' } })
  expect(output).toMatchObject({
    redirects: [`http://localhost:${port}/echo`],
    body: { headers: { 'x-other': 'kept' } },
  })
  expect(JSON.stringify(output)).not.toContain('secret')
})

test('http-request refuses an address that is not http', async () => {
  expect(await request('', { url: 'file:///etc/passwd' })).toEqual(
    failure('url must be a complete http or https address, got file:///etc/passwd'),
  )
})

test('http-request says that a host was not found or not granted', async () => {
  expect(await request('', { url: 'http://host.invalid/' })).toEqual(
    failure(
      'the host host.invalid could not be found: no such host, or no network in this sandbox ' +
        '(the host must be granted by the user)',
    ),
  )
})
