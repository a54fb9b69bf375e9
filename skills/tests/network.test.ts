import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SkillManager } from 'skilllite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { skillsDirectory } from './run-script.js'

// The skills that need the network, as a user runs them: in the sandbox, with hosts granted, against servers of this
// machine.

const place = { name: 'Oslo', country: 'Norway', country_code: 'NO', latitude: 59.9, longitude: 10.7 }
const forecast = {
  timezone: 'Europe/Oslo',
  current_units: { temperature_2m: '°C', precipitation: 'mm', wind_speed_10m: 'km/h' },
  current: { time: '2025-01-02T10:00', temperature_2m: -3.5, wind_speed_10m: 9, weather_code: 73 },
  daily: { time: ['2025-01-02'], temperature_2m_max: [-1], temperature_2m_min: [-7], weather_code: [3] },
}
const answer: RequestListener = (request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? '', 'http://x')
  response.setHeader('content-type', 'application/json')
  if (pathname === '/moved') response.writeHead(302, { location: searchParams.get('to') ?? '' }).end()
  else if (pathname === '/v1/search') response.end(JSON.stringify({ results: [place] }))
  else if (pathname === '/v1/forecast') response.end(JSON.stringify(forecast))
  else response.end(JSON.stringify({ path: request.url, method: request.method, host: request.headers.host }))
}

const plain = createServer(answer)
const directory = mkdtempSync(join(tmpdir(), 'skills-network-'))
let manager: SkillManager
let port = 0
let securePort = 0
let close: () => void = () => {}

beforeAll(async () => {
  const make =
    'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost'.split(' ')
  const files = ['-keyout', 'key.pem', '-out', 'certificate.pem', '-addext', 'subjectAltName=DNS:localhost']
  execFileSync('openssl', [...make, ...files], { cwd: directory, stdio: 'pipe' })
  const [key, cert] = ['key.pem', 'certificate.pem'].map((name) => readFileSync(join(directory, name)))
  process.env.SSL_CERT_FILE = join(directory, 'certificate.pem')
  const secure = createSecureServer({ key, cert }, answer)
  plain.listen(0, '127.0.0.1')
  secure.listen(0, '127.0.0.1')
  await Promise.all([once(plain, 'listening'), once(secure, 'listening')])
  port = (plain.address() as AddressInfo).port
  securePort = (secure.address() as AddressInfo).port
  close = () => secure.close()
  manager = await SkillManager.load({ skillsDir: skillsDirectory })
})
afterAll(() => {
  plain.close()
  close()
  rmSync(directory, { recursive: true })
})

describe('http-request', () => {
  const request = async (url: string, allowHosts: readonly string[]) => {
    const result = await manager.run('http-request', { url }, { allowHosts })
    if (result.status !== 'completed') throw new Error('it did not run')
    return result
  }

  test('reaches a granted address', async () => {
    const { output, network, violations } = await request(`http://127.0.0.1:${port}/x?a=b`, [
      `127.0.0.1:${port}`,
    ])
    expect(output).toMatchObject({
      status: 200,
      body: { path: '/x?a=b', method: 'GET', host: `127.0.0.1:${port}` },
    })
    expect({ network, violations }).toMatchObject({
      network: [{ host: '127.0.0.1', port, verdict: 'allowed', count: 1 }],
      violations: [],
    })
  })

  test('reaches a granted name over TLS', async () => {
    const { output } = await request(`https://localhost:${securePort}/x`, [`localhost:${securePort}`])
    expect(output).toMatchObject({ status: 200, body: { path: '/x' } })
  })

  test.each(['http', 'https'])('says what must be granted for another address (%s)', async (scheme) => {
    const url = `${scheme}://127.0.0.1:${port}/x`
    const { exitCode, stderr, network } = await request(url, ['example.org'])
    expect({ exitCode, stderr }).toEqual({
      exitCode: 1,
      stderr: expect.stringMatching(
        `^error: .*skilllite: 127.0.0.1:${port} is a loopback address, which is not granted; the user can grant 127.0.0.1:${port}\n$`,
      ),
    })
    expect(network).toMatchObject([{ verdict: 'refused', grant: `127.0.0.1:${port}` }])
  })

  test('follows a redirect no further than what is granted', async () => {
    const to = `http://localhost:${port}/secret`
    const { exitCode, stderr, network } = await request(
      `http://127.0.0.1:${port}/moved?to=${encodeURIComponent(to)}`,
      [`127.0.0.1:${port}`],
    )
    expect({ exitCode, stderr }).toEqual({
      exitCode: 1,
      stderr: expect.stringContaining(`localhost:${port} is not granted`),
    })
    expect(network).toMatchObject([{ verdict: 'allowed' }, { verdict: 'refused', host: 'localhost' }])
  })
})

test('weather asks the two services, each a granted host', async () => {
  // The script itself, told where its services are.
  const program = `
import sys
sys.path.insert(0, "scripts")
import main
main.GEOCODING = "https://localhost:${securePort}/v1/search"
main.FORECAST = "https://localhost:${securePort}/v1/forecast"
main.main()`
  const { exitCode, stdout, stderr, network } = await manager.exec(
    'weather',
    ['python3', '-B', '-c', program],
    {
      stdin: JSON.stringify({ location: 'Oslo', days: 1 }),
      allowHosts: [`localhost:${securePort}`],
    },
  )
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
  expect(JSON.parse(stdout)).toMatchObject({
    place: { name: 'Oslo', country: 'Norway' },
    current: { temperature: -3.5, conditions: 'snow' },
  })
  expect(network).toMatchObject([{ host: 'localhost', port: securePort, verdict: 'allowed', count: 2 }])
})

test('weather says which hosts it needs when others are granted', async () => {
  const result = await manager.run('weather', { location: 'Oslo' }, { allowHosts: ['example.org'] })
  expect(result).toMatchObject({
    status: 'completed',
    exitCode: 1,
    stderr: expect.stringContaining('the user can grant geocoding-api.open-meteo.com'),
    network: [{ host: 'geocoding-api.open-meteo.com', port: 443, verdict: 'refused' }],
  })
})
