import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type Certificate,
  echo,
  httpServer,
  httpsServer,
  type LocalServer,
  makeCertificate,
} from '../../src/network/fixtures/local-servers.js'
import { NetworkSkills } from './network-skill.js'

// Real clients in the sandbox, against servers of this machine: over HTTP, over TLS with an authority that only the
// host trusts, and to a host that is not granted.

const wheels = ['requests', 'httpx', 'aiohttp']
const packages = ['axios@1.13.2', 'undici@7.16.0']

let skills: NetworkSkills
let plain: LocalServer
let secure: LocalServer
let certificate: Certificate
let python = ''
let node = ''

beforeAll(async () => {
  skills = await NetworkSkills.load(['clients.py', 'clients.mjs'])
  certificate = makeCertificate(['localhost'])
  process.env.SSL_CERT_FILE = certificate.authorityFile
  plain = await httpServer(echo)
  secure = await httpsServer(certificate, echo)
  python = skills.directory('python')
  node = skills.directory('node')
  // Without an index these are skipped below; the clients that come with the interpreters are not.
  const quiet = { stdio: 'ignore', timeout: 100_000 } as const
  spawnSync('python3', ['-m', 'pip', 'install', '--quiet', '--target', python, ...wheels], quiet)
  spawnSync('npm', ['install', '--ignore-scripts', '--no-audit', '--prefix', node, ...packages], quiet)
}, 200_000)
afterAll(async () => {
  await plain.close()
  await secure.close()
  certificate.remove()
  skills.remove()
  for (const directory of [python, node]) rmSync(directory, { recursive: true })
})

/** aiohttp's extensions lie in a directory that is granted for reading only, not for code of the machine. */
const pure = Object.fromEntries(
  ['AIOHTTP', 'MULTIDICT', 'YARL', 'FROZENLIST', 'PROPCACHE'].map((name) => [`${name}_NO_EXTENSIONS`, '1']),
)

function get(script: string, client: string, url: string) {
  const libraries = script.endsWith('.py') ? python : node
  return skills.run(
    script,
    { client, url },
    {
      allowHosts: [`localhost:${plain.port}`, `localhost:${secure.port}`],
      allowRead: [libraries],
      allowPrograms: client === 'curl' ? ['curl'] : [],
      env: { LIBRARIES: libraries, ...pure },
    },
  )
}

function isInstalled(script: string, library: string): boolean {
  const [command, args] = script.endsWith('.py')
    ? ['python3', ['-c', `import sys; sys.path.insert(0, ${JSON.stringify(python)}); import ${library}`]]
    : ['node', ['-e', `require('node:module').createRequire(${JSON.stringify(`${node}/`)})('${library}')`]]
  return spawnSync(command, args, { env: { ...process.env, ...pure } }).status === 0
}

describe.each([
  ['clients.py', 'urllib', undefined],
  ['clients.py', 'requests', 'requests'],
  ['clients.py', 'httpx', 'httpx'],
  ['clients.py', 'aiohttp', 'aiohttp'],
  ['clients.py', 'curl', undefined],
  ['clients.mjs', 'fetch', undefined],
  ['clients.mjs', 'http', undefined],
  ['clients.mjs', 'agent', undefined],
  ['clients.mjs', 'axios', 'axios'],
  ['clients.mjs', 'undici', 'undici'],
])('%s: %s', (script, client, library) => {
  test('finds the proxy, trusts what the host trusts, and is told what is not granted', async (context) => {
    if (library !== undefined && !isInstalled(script, library)) {
      context.skip(`${library} could not be installed`)
    }
    for (const url of [`http://localhost:${plain.port}/a?b=c`, `https://localhost:${secure.port}/a?b=c`]) {
      const { output, network, violations } = await get(script, client, url)
      const seen = output as { status: number; body: string }
      expect(output).toEqual({ status: 200, body: expect.stringContaining('"url":"/a?b=c"') })
      expect(violations.filter(({ kind }) => kind === 'socket')).toEqual([])
      expect(JSON.parse(seen.body)).toMatchObject({ method: 'GET', headers: { host: new URL(url).host } })
      expect(network).toEqual([
        expect.objectContaining({ host: 'localhost', port: Number(new URL(url).port), verdict: 'allowed' }),
      ])
    }
    for (const url of ['http://other.example/', 'https://other.example/']) {
      const { output, network } = await get(script, client, url)
      const port = url.startsWith('https') ? 443 : 80
      // Node 24's fetch keeps the proxy's words to itself.
      expect(JSON.stringify(output)).toMatch(/other\.example:\d+ is not granted|403|cancelled/)
      expect(network).toEqual([
        expect.objectContaining({ host: 'other.example', port, verdict: 'refused', grant: 'other.example' }),
      ])
    }
  })
})
