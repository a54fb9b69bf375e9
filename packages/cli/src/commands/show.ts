import type { ScriptDependencies, SkillInfo, SkillManager, ToolDefinition, ToolOrigin } from '@skilllite/core'
import { optionValue } from '../command-line/parse.js'
import type { ParsedArguments } from '../command-line/spec.js'
import { ExitCode } from '../exit-codes.js'
import { allDiagnostics, tellDiagnostics } from '../skills/diagnostics.js'
import { findSkill } from '../skills/skill-source.js'
import { visibleJson, visibleLine } from '../terminal/escape.js'
import { writeStdout } from '../terminal/output.js'
import { type Style, styleFor } from '../terminal/style.js'

/** `skilllite show SKILL`. */
export async function command(parsed: ParsedArguments): Promise<number> {
  const { manager, skill } = await findSkill(parsed.operands[0] ?? '', parsed, process.env)
  const tools = manager.tools().filter((tool) => tool.skill === skill.name)
  const inDirectory = allDiagnostics(manager).filter(({ path }) => isWithin(path, skill.directory))
  const reasons = await readReasons(manager, tools, parsed.flags.has('why'))
  const packages = await manager.dependencies(skill)
  if (optionValue(parsed, 'format') === 'json') {
    const { body: _body, diagnostics: _diagnostics, ...rest } = skill
    const why = parsed.flags.has('why') ? { why: reasons } : {}
    writeStdout(`${visibleJson({ ...rest, tools, ...why, packages, diagnostics: inDirectory })}\n`)
    return ExitCode.ok
  }
  writeStdout(describe(skill, tools, reasons, packages, styleFor(1)))
  tellDiagnostics(inDirectory)
  return ExitCode.ok
}

/** Where a tool's schema comes from, in the form that is printed as JSON. */
interface Reasons {
  readonly tool: string
  readonly kind: string
  /** Environment variables that its script reads. */
  readonly needs: readonly string[]
  readonly evidence: Awaited<ReturnType<ToolOrigin['evidence']>>
}

function readReasons(
  manager: SkillManager,
  tools: readonly ToolDefinition[],
  why: boolean,
): Promise<readonly Reasons[]> {
  return Promise.all(
    tools.map(async (tool) => {
      const { kind, needs, evidence } = manager.origin(tool)
      return { tool: tool.name, kind, needs, evidence: why ? await evidence() : [] }
    }),
  )
}

function isWithin(path: string, directory: string): boolean {
  return path === directory || path.startsWith(`${directory}/`)
}

function describe(
  skill: SkillInfo,
  tools: readonly ToolDefinition[],
  reasons: readonly Reasons[],
  packages: readonly ScriptDependencies[],
  style: Style,
): string {
  const lines: string[] = []
  const field = (label: string, value: string | undefined) => {
    if (value !== undefined && value !== '')
      lines.push(`${style.dim(`${label}:`.padEnd(15))}${visibleLine(value)}`)
  }
  const section = (title: string, entries: readonly string[]) => {
    if (entries.length > 0) lines.push('', style.bold(title), ...entries.map((entry) => `  ${entry}`))
  }
  field('Name', skill.name)
  field('Description', skill.description)
  field('Directory', skill.directory)
  field('Found in', skill.scope)
  field('Version', skill.runtime.version)
  field('License', skill.license)
  field('Compatibility', skill.compatibility)
  field('Entry point', skill.runtime.entryPoint)
  for (const [key, value] of Object.entries(skill.metadata ?? {})) {
    field(`Metadata ${visibleLine(key)}`, typeof value === 'string' ? value : JSON.stringify(value))
  }
  section(
    'Tools',
    tools.flatMap((tool, index) => describeTool(tool, reasons[index], style)),
  )
  section(
    'Other files',
    [
      ...skill.scripts.filter((script) => !script.runnable).map((script) => script.path),
      ...skill.resources,
    ].map(visibleLine),
  )
  section('Packages', packages.map(describePackages).map(visibleLine))
  section('Asks for (granted only by flags or a configuration)', requests(skill))
  const read = [...new Set(reasons.flatMap(({ needs }) => needs))]
  if (read.length > 0) section('Environment variables that its code reads', [visibleLine(read.join(', '))])
  return `${lines.join('\n')}\n`
}

function describeTool(tool: ToolDefinition, reasons: Reasons | undefined, style: Style): string[] {
  const { properties, required } = tool.inputSchema
  const names = isRecord(properties) ? Object.entries(properties) : []
  const needed: readonly unknown[] = Array.isArray(required) ? required : []
  return [
    `${visibleLine(tool.name)}  ${style.dim(visibleLine(tool.script))}`,
    ...names.flatMap(([name, property]) => {
      const { type, description } = isRecord(property) ? property : {}
      const kind = `${Array.isArray(type) ? type.join('|') : String(type ?? 'any')}${needed.includes(name) ? ', required' : ''}`
      const text = typeof description === 'string' ? `: ${visibleLine(description)}` : ''
      const places = (reasons?.evidence ?? []).filter((evidence) => evidence.property === name)
      return [
        `  ${visibleLine(name)} (${kind})${text}`,
        ...places.map((place) => style.dim(`    ${place.kind}, ${visibleLine(place.file)}:${place.line}`)),
      ]
    }),
  ]
}

function describePackages({
  script,
  requirements,
  interpreter,
  language,
  places,
  ...state
}: ScriptDependencies): string {
  const versions = interpreter.length === 0 ? [] : [`${language} ${interpreter.join(' and ')}`]
  const installed = state.installed ? (state.locked ? 'installed, locked' : 'installed') : 'not installed'
  const rest = state.problem ?? `${installed}; declared in ${places.join(' and ')}`
  return `${script}: ${[...requirements, ...versions].join(', ')} (${rest})`
}

function requests({ runtime, allowedTools }: SkillInfo): string[] {
  const { network, env = [], programs = [] } = runtime
  const hosts =
    typeof network === 'object' ? network.join(', ') : network === true ? 'yes, hosts not named' : ''
  const asked: readonly (readonly [string, string])[] = [
    ['network', hosts],
    ['environment', env.join(', ')],
    ['programs', programs.join(', ')],
    ['allowed-tools', allowedTools ?? ''],
  ]
  return asked.filter(([, value]) => value !== '').map(([label, value]) => `${label}: ${visibleLine(value)}`)
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
