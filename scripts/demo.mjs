// Shows in a few seconds what SkillLite is for: a skill doing its work, and one being stopped. Exit status 0 only if all
// of it went as promised.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setup } from './setup.mjs'
import { fail, root, Stop } from './shared.mjs'

function promised(condition, what) {
  if (!condition) throw new Stop(`demo: not as promised: ${what}`)
}

function layerText(layers) {
  return Object.entries(layers)
    .map(([name, state]) => `${name} ${state === true ? 'on' : state === false ? 'off' : state}`)
    .join(', ')
}

async function timed(run) {
  const started = performance.now()
  const result = await run()
  return { result, ms: (performance.now() - started).toFixed(0) }
}

async function showCalculator(manager) {
  console.log('1. A skill at work: calculator, 15 × 27')
  const call = () => manager.run('calculator', { operation: 'multiply', a: 15, b: 27 })
  const first = await timed(call)
  const second = await timed(call)
  for (const { result } of [first, second]) {
    promised(result.status === 'completed' && result.exitCode === 0, JSON.stringify(result))
    promised(result.output?.result === 405, `15 × 27 is 405, the skill says ${JSON.stringify(result.output)}`)
    promised(result.isolation.backend !== 'none', 'the skill runs in a sandbox')
  }

  const { output, isolation, usage } = second.result
  console.log(`   result     ${output.result}`)
  console.log(
    `   isolation  level ${isolation.level}, backend ${isolation.backend}: ${layerText(isolation.layers)}`,
  )
  console.log(
    `   time       ${second.ms} ms, ${usage.wallMs.toFixed(0)} ms of them in the sandbox (the first call: ${first.ms} ms)`,
  )
}

/** What there would be to find without a sandbox: a file of the user's and a service on this machine. */
async function withHostSecrets(use) {
  const directory = mkdtempSync(join(tmpdir(), 'skilllite-demo-'))
  const file = join(directory, 'private.txt')
  writeFileSync(file, 'private')
  const server = createServer((connection) => connection.end('hello from the host'))
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    return await use({ host_file: file, address: '127.0.0.1', port: server.address().port })
  } finally {
    server.close()
    rmSync(directory, { recursive: true })
  }
}

function passwdVerdict({ got, error }) {
  if (error) return error
  promised(got !== readFileSync('/etc/passwd', 'utf8'), "the host's /etc/passwd stays unread")
  const users = got
    .trim()
    .split('\n')
    .map((line) => line.split(':')[0])
  return `got a stand-in that knows only ${users.join(', ')}; the host's is not there`
}

function refused(name, { got, error }) {
  promised(error, `${name} is refused, but it got ${JSON.stringify(got)}`)
  return error
}

async function showNosy(manager) {
  console.log('\n2. A skill that should not be trusted: nosy')
  const result = await withHostSecrets((request) => manager.run('nosy', request))
  promised(result.status === 'completed' && result.exitCode === 0, JSON.stringify(result))
  const { passwd, file, network, shell } = result.output
  console.log(`   read /etc/passwd           ${passwdVerdict(passwd)}`)
  console.log(`   read a file of yours       refused: ${refused('reading a host file', file)}`)
  console.log(`   connect to this machine    refused: ${refused('connecting', network)}`)
  console.log(`   start a shell              refused: ${refused('starting a shell', shell)}`)

  console.log('   What SkillLite reports to the host:')
  for (const { message } of result.violations) console.log(`   - ${message}`)
  for (const kind of ['exec', 'socket']) {
    promised(
      result.violations.some((violation) => violation.kind === kind),
      `the refused ${kind} is reported`,
    )
  }
}

async function demo() {
  await setup()
  // built only now
  const { SkillManager } = await import(join(root, 'packages/cli/dist/index.js'))
  const manager = await SkillManager.load({
    skillsDir: [join(root, 'skills'), join(root, 'scripts/demo-skills')],
  })
  await showCalculator(manager)
  await showNosy(manager)
  console.log('\nAll as promised. Next: npx skilllite list, npx skilllite run calculator operation=sqrt a=2')
}

demo().catch(fail)
