#!/usr/bin/env node
// What a sandbox costs: all commands in turn in one run, on the same interpreter, against the same bare program.
import { execFileSync } from 'node:child_process'
import { chmodSync, copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { bare } from '../security/contenders/bare.mjs'
import { contenders } from '../security/contenders/index.mjs'
import { python } from '../security/contenders/python.mjs'
import { skilllite } from '../security/contenders/skilllite.mjs'
import { factLines, machineFacts } from '../security/machine.mjs'
import { checkNames } from '../security/options.mjs'
import { makeWorld } from '../security/world.mjs'
import { peakResidentKib } from './memory.mjs'
import { noOpProgram } from './no-op.mjs'
import { report } from './report.mjs'
import { catchSpec, skillboxCommand } from './spec.mjs'
import { summarize } from './statistics.mjs'

const HELP = `\
Measures what SkillLite and other sandboxes add to a small program.

Usage: node benchmark/performance/run.mjs [OPTIONS]

  --runs N       Runs of each command; the slow ones get a fifth (default: 40)
  --skip NAME    Not this contender (repeatable), named as in benchmark/security
  --output FILE  Write the results to this file, in Markdown
  -h, --help     Show this help
`
const SLOW = ['sandbox-runtime', 'codex', 'pyodide', 'sandlock', 'firejail', 'docker']
const BACKENDS = ['namespaces', 'landlock']
const NUMBERS = Array.from({ length: 100 }, (_, i) => i)
const INPUT = JSON.stringify({ numbers: NUMBERS })
const EXPECTED = '{"count": 100, "sum": 4950, "squares": [0, 1, 4, 9, 16]}'

async function main(argv) {
  const { values } = parseArgs({
    args: argv,
    options: {
      runs: { type: 'string', default: '40' },
      skip: { type: 'string', multiple: true, default: [] },
      output: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) return process.stdout.write(HELP)
  const runs = Number(values.runs)
  if (!Number.isInteger(runs) || runs < 1)
    throw new Error(`--runs must be a whole number from 1, got ${values.runs}`)
  checkNames(
    'skip',
    values.skip,
    contenders.filter(isPeer).map(({ name }) => name),
  )
  const facts = machineFacts()
  const world = makeWorld()
  try {
    copyFileSync(path.join(import.meta.dirname, 'script.py'), world.script)
    writeFileSync(path.join(world.root, 'input.json'), INPUT)
    const specs = catchSpecs(world)
    const notes = []
    const series = [
      ['A small Python script', await pythonCases(world, specs, values.skip, notes)],
      ['A static program that does nothing', noOpCases(world, specs)],
      ['The command', commandCases(world)],
    ]
    const tables = series.map(([title, cases]) => [title, measure(world, cases, runs, notes)])
    const memory = await memoryLines(world, specs)
    const text = report(tables, memory, notes)
    console.log(text)
    if (values.output !== undefined) {
      const head =
        '# Performance\n\nMade by `node benchmark/performance/run.mjs`; how is in [README.md](README.md).'
      writeFileSync(values.output, `${head}\n\n${factLines(facts)}\n\n${text}\n`)
    }
  } finally {
    world.remove()
  }
}

const catchSpecs = (world) =>
  BACKENDS.map((backend) => ({ backend, spec: catchSpec(world, skilllite.command, backend) }))

/** Whether it is neither what all are compared to nor SkillLite itself, which has cases of its own. */
function isPeer(contender) {
  return contender !== bare && !contender.name.startsWith('skilllite')
}

async function pythonCases(world, specs, skip, notes) {
  const own = specs.map(({ backend, spec }) => ({
    title: `skillbox, ${backend}`,
    argv: skillboxCommand(world, `python-${backend}`, spec),
    env: {},
    cwd: '/',
  }))
  const others = []
  for (const contender of contenders) {
    if (skip.includes(contender.name) || !isPeer(contender)) continue
    try {
      await contender.find()
      const every = SLOW.some((name) => contender.name.startsWith(name)) ? 5 : 1
      others.push({ title: contender.title, ...contender.command(world), every })
    } catch (error) {
      notes.push(`${contender.title}: skipped: ${error.message}`)
    }
  }
  return [{ title: 'bare', ...bare.command(world) }, ...own, ...others].map((one) => ({
    ...one,
    expect: EXPECTED,
  }))
}

function noOpCases(world, specs) {
  const program = noOpProgram()
  if (program === undefined) return []
  const directory = path.join(world.root, 'no-op')
  const file = path.join(directory, 'no-op')
  mkdirSync(directory)
  chmodSync(directory, 0o755)
  writeFileSync(file, program, { mode: 0o755 })
  const mount = {
    kind: 'bind',
    from: directory,
    to: directory,
    mode: 'ro',
    exec: true,
    mapOwner: false,
    untrusted: false,
  }
  const own = specs.map(({ backend, spec }) => {
    const changed = { ...spec, program: [file], mounts: [...spec.mounts, mount] }
    return { title: `skillbox, ${backend}`, argv: skillboxCommand(world, `no-op-${backend}`, changed) }
  })
  const others = contenders
    .filter(({ name }) => name === 'bubblewrap')
    .map((contender) => {
      const { argv } = contender.command({ ...world, skill: directory, script: file })
      return { title: contender.title, argv: argv.filter((part) => part !== python && part !== '-B') }
    })
  return [{ title: 'bare', argv: [file] }, ...own, ...others].map((one) => ({
    env: {},
    cwd: '/',
    expect: '',
    ...one,
  }))
}

function commandCases(world) {
  const { argv } = skilllite.command(world)
  const cases = [
    { title: 'node -e 0', argv: [process.execPath, '-e', '0'], expect: '' },
    { title: 'the bare script', argv: bare.command(world).argv, expect: EXPECTED },
    { title: 'skilllite run', argv: [...argv, '--input', INPUT], expect: EXPECTED },
  ]
  return cases.map((one) => ({ env: world.env, cwd: '/', ...one }))
}

/** Runs the driver on cases that work; one that gives another output is told of and left out. */
function measure(world, cases, runs, notes) {
  const drive = (chosen, turns) => {
    const plan = path.join(world.root, 'plan.json')
    const input = path.join(world.root, 'input.json')
    const complete = chosen.map(({ every = 1, argv, env, cwd, expect }) => ({
      argv,
      env,
      cwd,
      expect,
      every,
    }))
    writeFileSync(plan, JSON.stringify({ runs: turns, stdin: input, cases: complete }))
    const driver = path.join(import.meta.dirname, 'driver.py')
    const options = { encoding: 'utf8', maxBuffer: 2 ** 26, env: world.env }
    return JSON.parse(execFileSync(python, ['-I', '-B', driver, plan], options))
  }
  const working = cases.filter((one) => {
    const works = drive([one], 1).wrong[0] === 0
    if (!works) notes.push(`${one.title}: left out: it did not print what the program prints`)
    return works
  })
  if (working.length === 0) return []
  const { times, wrong } = drive(working, runs)
  for (const [i, count] of wrong.entries())
    if (count > 0) notes.push(`${working[i].title}: ${count} runs failed`)
  return summarize(working, times)
}

async function memoryLines(world, specs) {
  const lines = []
  for (const { backend, spec } of specs) {
    try {
      const kib = await peakResidentKib(skillboxCommand(world, `memory-${backend}`, spec), {}, 500)
      lines.push(`- skillbox, ${backend}: ${kib} KiB`)
    } catch {
      lines.push(`- skillbox, ${backend}: it did not run`)
    }
  }
  return lines
}

for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(130))
main(process.argv.slice(2)).catch((error) => {
  console.error(`run.mjs: ${error.message}`)
  process.exitCode = 2
})
