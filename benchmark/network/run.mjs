// What the way through the sandbox's proxy costs: `node benchmark/network/run.mjs`. The same script runs with and
// without a sandbox in turn, so both see the same machine.
import { fork } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SkillManager } from 'skilllite'

const ROUNDS = Number(process.env.ROUNDS ?? 7)
const SIZE = 512 << 20
const COUNT = 300

const root = mkdtempSync(join(tmpdir(), 'network-benchmark-'))
const skill = join(root, 'client')
mkdirSync(join(skill, 'scripts'), { recursive: true })
cpSync(join(import.meta.dirname, 'client.py'), join(skill, 'scripts/main.py'))
writeFileSync(
  join(skill, 'SKILL.md'),
  '---\nname: client\ndescription: Measures.\nentry_point: scripts/main.py\ninput_schema:\n  type: object\n---\n',
)
const server = fork(join(import.meta.dirname, 'server.mjs'))
try {
  const ports = await new Promise((resolve) => server.once('message', resolve))
  const manager = await SkillManager.load({ skillsDir: root })
  const measure = async (level, input) => {
    const allowHosts = level === 1 ? [] : Object.values(ports).map((port) => `127.0.0.1:${port}`)
    const result = await manager.run('client', input, {
      level,
      allowHosts,
      limits: { networkBytes: 2 * SIZE },
    })
    if (result.exitCode !== 0) throw new Error(result.stderr)
    return result.output
  }
  const seen = { requests: { 1: [], 2: [] }, stream: { 1: [], 2: [] } }
  for (let round = 0; round < ROUNDS; round++) {
    for (const level of [1, 2]) {
      const times = await measure(level, { what: 'requests', port: ports.http, count: COUNT })
      seen.requests[level].push(median(times))
      seen.stream[level].push(await measure(level, { what: 'stream', port: ports.bytes, size: SIZE }))
    }
  }
  const [direct, proxied] = [1, 2].map((level) => median(seen.requests[level]))
  const [directly, tunnelled] = [1, 2].map((level) => median(seen.stream[level]) / 1e6)
  console.log(
    `a request: direct ${direct.toFixed(3)} ms, by the proxy ${proxied.toFixed(3)} ms: +${(proxied - direct).toFixed(3)} ms`,
  )
  console.log(
    `CONNECT: direct ${directly.toFixed(0)} MB/s, by the proxy ${tunnelled.toFixed(0)} MB/s: ${(tunnelled / directly).toFixed(2)} of it`,
  )
} finally {
  server.kill()
  rmSync(root, { recursive: true })
}

function median(values) {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)]
}
