import { examineSandboxes, type SandboxExamination } from '@skilllite/core'
import { optionValue } from '../command-line/parse.js'
import type { ParsedArguments } from '../command-line/spec.js'
import { describeBackend } from '../doctor/describe-backend.js'
import { type FoundInterpreter, findInterpreters } from '../doctor/interpreters.js'
import { describeLimits } from '../doctor/limits.js'
import { ExitCode } from '../exit-codes.js'
import { visibleJson, visibleLine } from '../terminal/escape.js'
import { writeStdout } from '../terminal/output.js'
import { type Style, styleFor } from '../terminal/style.js'
import { version } from '../version.js'

/** `skilllite doctor`. */
export async function command(parsed: ParsedArguments): Promise<number> {
  const [sandboxes, interpreters] = await Promise.all([
    examineSandboxes(process.env),
    findInterpreters(process.env),
  ])
  const { program, backends, chosen } = sandboxes
  const ready = chosen !== undefined
  if (optionValue(parsed, 'format') === 'json') {
    const { version: programVersion = null, ...rest } = program
    const versions = { skilllite: version, node: process.versions.node, skillbox: programVersion }
    const limits = describeLimits(backends.find(({ name }) => name === chosen))
    const report = { ready, versions, skillbox: rest, chosen: chosen ?? null, backends, limits, interpreters }
    writeStdout(`${visibleJson(report)}\n`)
  } else {
    writeStdout(describe(sandboxes, interpreters, styleFor(1)))
  }
  return ready ? ExitCode.ok : ExitCode.failed
}

function describe(
  { program, backends, chosen }: SandboxExamination,
  interpreters: readonly FoundInterpreter[],
  style: Style,
): string {
  const limits = describeLimits(backends.find(({ name }) => name === chosen))
  const lines = [
    `skilllite ${version}, node ${process.versions.node}, ${process.platform} ${process.arch}`,
    '',
    style.bold('Native binary'),
    `  ${program.path}`,
    program.problem === undefined
      ? `  ${style.green('works')}${program.version === undefined ? '' : `, version ${visibleLine(program.version)}`}`
      : `  ${style.red('does not work')}: ${visibleLine(program.problem)}`,
    ...backends.flatMap((backend) => ['', ...describeBackend(backend, style)]),
    '',
    style.bold('Limits, where nothing else is set'),
    ...limits.map(
      (limit) => `  ${limit.name.padEnd(12)} ${String(limit.default).padEnd(10)} ${limit.heldBy}`,
    ),
    '',
    style.bold('Interpreters'),
    ...interpreters.map(({ name, path, version: found, problem = '' }) => {
      const where =
        path === undefined ? style.yellow(visibleLine(problem)) : `${path}${found ? `, ${found}` : ''}`
      return `  ${name.padEnd(8)} ${where}`
    }),
    '',
    chosen === undefined
      ? `${style.red('A run at level 2 does not work.')} Only --level 1, without a sandbox, would.`
      : `${style.green('A run at level 2 works.')} It gets the backend ${chosen}, unless --backend names another.`,
  ]
  return `${lines.join('\n')}\n`
}
