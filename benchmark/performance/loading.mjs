#!/usr/bin/env node
// How long a thousand skills take to load: their code read for the first time, and found in the cache.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { factLines, machineFacts } from '../security/machine.mjs'
import { writeManySkills } from './many-skills.mjs'
import { quantile } from './statistics.mjs'

const HELP = `\
Measures how long SkillManager.load() takes for many generated skills.

Usage: node benchmark/performance/loading.mjs [OPTIONS]

  --skills N     How many (default: 1000)
  --cold N       Loads with an empty cache (default: 3)
  --warm N       Loads with a full one (default: 15)
  --output FILE  Write the results to this file, in Markdown
  -h, --help     Show this help
`
const core = path.resolve(import.meta.dirname, '../../packages/core/dist/index.js')

/** Runs in a process of its own, since what was compiled for one load makes the next one faster. */
const program = (directory) => `
import { readFileSync } from 'node:fs'
import { SkillManager } from ${JSON.stringify(pathToFileURL(core).href)}
const mainThread = () => Number(readFileSync('/proc/self/task/' + process.pid + '/schedstat', 'utf8').split(' ')[0]) / 1e6
const [started, used] = [performance.now(), mainThread()]
const manager = await SkillManager.load({ skillsDir: ${JSON.stringify(directory)} })
const [wall, main] = [performance.now() - started, mainThread() - used]
console.log(JSON.stringify({ wall, main, tools: manager.tools().length }))
`

function main(argv) {
  const { values } = parseArgs({
    args: argv,
    options: {
      skills: { type: 'string', default: '1000' },
      cold: { type: 'string', default: '3' },
      warm: { type: 'string', default: '15' },
      output: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) return process.stdout.write(HELP)
  const [skills, cold, warm] = ['skills', 'cold', 'warm'].map((name) => {
    const count = Number(values[name])
    if (!Number.isInteger(count) || count < 1) throw new Error(`--${name} must be a whole number from 1`)
    return count
  })
  const root = mkdtempSync(path.join(tmpdir(), 'skilllite-loading-'))
  try {
    writeManySkills(path.join(root, 'skills'), skills)
    const load = (cache) => loadOnce(root, cache, skills)
    const coldLoads = Array.from({ length: cold }, (_, i) => load(`cold-${i}`))
    const warmLoads = Array.from({ length: warm }, () => load('cold-0'))
    const text = [
      `| ${skills} skills | loads | median ms | fastest | on the processor ms |`,
      '| --- | --: | --: | --: | --: |',
      line('code read for the first time', coldLoads),
      line('found in the cache', warmLoads),
    ].join('\n')
    console.log(text)
    if (values.output !== undefined) {
      const head =
        '# Loading skills\n\nMade by `node benchmark/performance/loading.mjs`; how is in [README.md](README.md).'
      writeFileSync(values.output, `${head}\n\n${factLines(machineFacts())}\n\n${text}\n`)
    }
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
}

function loadOnce(root, cache, expected) {
  const env = { ...process.env, SKILLLITE_CACHE_DIR: path.join(root, cache) }
  const args = ['--input-type=module', '-e', program(path.join(root, 'skills'))]
  // Not in the directory of this repository, whose own corrections would be read too.
  const result = JSON.parse(execFileSync(process.execPath, args, { env, cwd: root, encoding: 'utf8' }))
  if (result.tools !== expected) throw new Error(`expected ${expected} tools, got ${result.tools}`)
  return result
}

function line(what, loads) {
  const at = (key, share) =>
    Math.round(
      quantile(
        loads.map((load) => load[key]),
        share,
      ),
    )
  return `| ${what} | ${loads.length} | ${at('wall', 0.5)} | ${at('wall', 0)} | ${at('main', 0.5)} |`
}

for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(130))
try {
  main(process.argv.slice(2))
} catch (error) {
  console.error(`loading.mjs: ${error.message}`)
  process.exitCode = 2
}
