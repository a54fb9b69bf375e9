import { skillboxPath } from '@skilllite/core'
import { optionValue } from '../command-line/parse.js'
import type { ParsedArguments } from '../command-line/spec.js'
import { type FoundInterpreter, findInterpreters } from '../doctor/interpreters.js'
import { askSkillbox, type Backend, type SkillboxState } from '../doctor/skillbox.js'
import { ExitCode } from '../exit-codes.js'
import { visibleJson, visibleLine } from '../terminal/escape.js'
import { writeStdout } from '../terminal/output.js'
import { type Style, styleFor } from '../terminal/style.js'
import { version } from '../version.js'

/** The backend of a run that names none. */
const defaultBackend = 'namespaces'

/** `skilllite doctor`. */
export async function command(parsed: ParsedArguments): Promise<number> {
  const [skillbox, interpreters] = await Promise.all([
    askSkillbox(skillboxPath(process.env)),
    findInterpreters(process.env),
  ])
  const ready = skillbox.backends.some((backend) => backend.name === defaultBackend && backend.usable)
  if (optionValue(parsed, 'format') === 'json') {
    const { path, problem, version: skillboxVersion = null, backends } = skillbox
    const versions = { skilllite: version, node: process.versions.node, skillbox: skillboxVersion }
    const binary = { path, ...(problem === undefined ? {} : { problem }) }
    writeStdout(`${visibleJson({ ready, versions, skillbox: binary, backends, interpreters })}\n`)
  } else {
    writeStdout(describe(ready, skillbox, interpreters, styleFor(1)))
  }
  return ready ? ExitCode.ok : ExitCode.failed
}

function describe(
  ready: boolean,
  skillbox: SkillboxState,
  interpreters: readonly FoundInterpreter[],
  style: Style,
): string {
  const lines = [
    `skilllite ${version}, node ${process.versions.node}, ${process.platform} ${process.arch}`,
    '',
    style.bold('Native binary'),
    `  ${skillbox.path}`,
    skillbox.problem === undefined
      ? `  ${style.green('works')}, version ${visibleLine(skillbox.version ?? '')}`
      : `  ${style.red('does not work')}: ${visibleLine(skillbox.problem)}`,
    ...skillbox.backends.flatMap((backend) => describeBackend(backend, style)),
    '',
    style.bold('Interpreters'),
    ...interpreters.map(({ name, path, version: found, problem = '' }) => {
      const where =
        path === undefined ? style.yellow(visibleLine(problem)) : `${path}${found ? `, ${found}` : ''}`
      return `  ${name.padEnd(8)} ${where}`
    }),
    '',
    verdict(ready, skillbox, style),
  ]
  return `${lines.join('\n')}\n`
}

function describeBackend(backend: Backend, style: Style): string[] {
  const usable = backend.usable ? style.green('usable') : style.red('not usable')
  const width = Math.max(0, ...backend.layers.map((layer) => layer.name.length))
  return [
    '',
    `${style.bold(`Backend ${visibleLine(backend.name)}`)}: ${usable}`,
    ...backend.layers.flatMap((layer) => {
      const state = layer.on ? style.green('on ') : style.red('off')
      const reason = layer.reason === '' ? '' : `  ${visibleLine(layer.reason)}`
      const line = `  ${state}  ${visibleLine(layer.name).padEnd(width)}${reason}`.trimEnd()
      return layer.on || layer.fix === '' ? [line] : [line, `       fix: ${visibleLine(layer.fix)}`]
    }),
  ]
}

function verdict(ready: boolean, skillbox: SkillboxState, style: Style): string {
  if (ready) return style.green('A run at level 2 works.')
  const other = skillbox.backends.find((backend) => backend.usable)
  const remedy =
    other === undefined
      ? 'Only --level 1, without a sandbox, would.'
      : `With --backend ${other.name} it would.`
  return `${style.red('A run at level 2 does not work.')} ${remedy}`
}
