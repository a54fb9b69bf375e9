#!/usr/bin/env node
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import path from 'node:path'
import { contenders } from './contenders/index.mjs'
import { items } from './items/index.mjs'
import { judge, unusable } from './judge.mjs'
import { factLines, machineFacts } from './machine.mjs'
import { HELP, readOptions } from './options.mjs'
import { markdownEvidence, markdownTable, terminalTable } from './table.mjs'

async function main(argv) {
  const known = { contenders: contenders.map(({ name }) => name), items: items.map(({ id }) => id) }
  const options = readOptions(argv, known)
  if (options.help) return process.stdout.write(HELP)
  if (options.list) return console.log(`${known.contenders.join('\n')}\n\n${known.items.join('\n')}`)
  const facts = machineFacts()
  const reports = [await measure(options)]
  if (options['also-as'] !== undefined) reports.push(measureAs(options['also-as'], argv))
  for (const report of reports) show(report)
  if (options.json !== undefined) writeFileSync(options.json, JSON.stringify(reports[0]))
  if (options.output !== undefined) writeFileSync(options.output, markdown(reports, facts))
}

/** All chosen contenders against all chosen items. */
async function measure(options) {
  const chosen = contenders.filter(
    ({ name }) => (options.only.length === 0 || options.only.includes(name)) && !options.skip.includes(name),
  )
  const chosenItems = items.filter(({ id }) => options.item.length === 0 || options.item.includes(id))
  const { username } = userInfo()
  const report = { user: username, results: [], skipped: [] }
  for (const contender of chosen) {
    const { name, title } = contender
    let version
    let reason
    try {
      version = await contender.find()
      reason = await unusable(contender)
    } catch (error) {
      reason = error.message
    }
    if (reason !== undefined) {
      report.skipped.push({ title, reason })
      console.error(`${username}: ${name}: skipped: ${reason}`)
      continue
    }
    const verdicts = {}
    for (const item of chosenItems) {
      verdicts[item.id] = await judge(contender, item)
      const { kind, evidence } = verdicts[item.id]
      console.error(
        `${username}: ${name}: ${item.id}: ${kind}${evidence === undefined ? '' : ` (${evidence})`}`,
      )
    }
    report.results.push({ name, title, version, verdicts })
  }
  return report
}

/** The same in a process of another user. */
function measureAs(user, argv) {
  const directory = mkdtempSync('/var/tmp/skilllite-bench-as-')
  const file = path.join(directory, 'report.json')
  const own = argv.filter(
    (_, i) =>
      !/^--(also-as|output|json)(=|$)/.test(argv[i]) && !/^--(also-as|output|json)$/.test(argv[i - 1] ?? ''),
  )
  try {
    spawnSync('chown', [user, directory])
    const command = [process.execPath, import.meta.filename, ...own, '--json', file]
    const { status } = spawnSync(
      'setpriv',
      [`--reuid=${user}`, '--regid', user, '--init-groups', ...command],
      {
        stdio: 'inherit',
        cwd: '/',
        env: { ...process.env, HOME: directory },
      },
    )
    if (status !== 0) throw new Error(`it could not be run as ${user}`)
    return JSON.parse(readFileSync(file, 'utf8'))
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

function show({ user, results, skipped }) {
  console.log(`\nAs ${user}\n`)
  if (results.length > 0) console.log(terminalTable(results))
  for (const { title, reason } of skipped) console.log(`\nskipped: ${title}: ${reason}`)
}

function markdown(reports, facts) {
  const sections = reports.map(({ user, results, skipped }) =>
    [
      `## As ${user === 'root' ? 'root' : 'an ordinary user'}`,
      markdownTable(results),
      '✓ no harm was done, ✗ harm was seen from outside, ? the attack could not be started.',
      `Versions: ${results.map(({ title, version }) => `${title}: ${version}`).join('; ')}.`,
      ...skipped.map(({ title, reason }) => `Skipped: ${title}: ${reason}.`),
      '### What was seen',
      markdownEvidence(results) || 'No harm.',
    ].join('\n\n'),
  )
  return `# Security: 20 attacks\n\nMade by \`node benchmark/security/run.mjs\`; what each item means is in [README.md](README.md).\n\n${factLines(facts)}\n\n${sections.join('\n\n')}\n`
}

for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(130))
main(process.argv.slice(2)).catch((error) => {
  console.error(`run.mjs: ${error.message}`)
  process.exitCode = 2
})
