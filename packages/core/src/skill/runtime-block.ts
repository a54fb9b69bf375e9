import { readDeclaredNeeds } from './declared-needs.js'
import { findFencedYaml } from './fenced-yaml.js'
import type { FrontMatter } from './front-matter.js'
import { readRuntimeField, runtimeFields } from './runtime-fields.js'
import type { Diagnostic, RuntimeDeclaration } from './skill-info.js'
import { parseYamlMapping, YamlProblem } from './yaml-mapping.js'

/** What a skill declares about running it, and what was wrong with the declaration. */
export interface RuntimeReading {
  readonly runtime: RuntimeDeclaration
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * Reads what a skill declares beyond the specification, in the front matter and in a fenced `yaml` block below a heading
 * `## Runtime` of the body. Where both declare a field, the block wins. Never throws: what cannot be used is a diagnostic.
 */
export function readRuntime(frontMatter: Omit<FrontMatter, 'requotedLine'>, file: string): RuntimeReading {
  const diagnostics: Diagnostic[] = []
  const runtime: Record<string, unknown> = {}
  const block = readBlock(frontMatter, file, diagnostics)
  const twice: string[] = []
  for (const field of runtimeFields) {
    const inFront = Object.hasOwn(frontMatter.data, field)
    const inBlock = block !== undefined && Object.hasOwn(block.data, field)
    if (!inFront && !inBlock) continue
    if (inFront && inBlock) twice.push(field)
    const source = inBlock ? block : frontMatter
    const line = source.lines.get(field)
    const report = (problem: string, hint: string): void => {
      const code = `${field.replaceAll('_', '-')}-invalid`
      const message = `The declared ${field} is not used: ${problem}`
      diagnostics.push({ code, severity: 'warning', message, hint, path: file, ...(line && { line }) })
    }
    Object.assign(runtime, readRuntimeField(field, source.data[field], report))
  }
  if (twice.length > 0) {
    const message = `Front matter and Runtime block both declare ${twice.join(', ')}; the Runtime block is used`
    diagnostics.push({
      code: 'runtime-declared-twice',
      severity: 'info',
      message,
      hint: 'Keep one of the two declarations.',
      path: file,
    })
  }
  return { runtime: withNeeds(runtime, readDeclaredNeeds(frontMatter.data)), diagnostics }
}

/** Both forms of saying what is needed, together. */
function withNeeds(
  runtime: RuntimeDeclaration,
  { env = [], programs }: ReturnType<typeof readDeclaredNeeds>,
) {
  return {
    ...runtime,
    ...(env.length === 0 ? {} : { env: [...new Set([...(runtime.env ?? []), ...env])] }),
    ...(programs === undefined ? {} : { programs }),
  }
}

type Block = Pick<FrontMatter, 'data' | 'lines'>

function readBlock(
  { body, bodyLine }: Pick<FrontMatter, 'body' | 'bodyLine'>,
  file: string,
  diagnostics: Diagnostic[],
): Block | undefined {
  const fenced = findFencedYaml(body, 'Runtime')
  if (!fenced) return undefined
  const offset = bodyLine + fenced.line - 2
  try {
    const { data, lines } = parseYamlMapping(fenced.yaml)
    return { data, lines: new Map(Array.from(lines, ([key, line]) => [key, line + offset])) }
  } catch (error) {
    if (!(error instanceof YamlProblem)) throw error
    diagnostics.push({
      code: 'runtime-block-invalid',
      severity: 'warning',
      message: `The yaml block below ## Runtime is not used: ${error.message}`,
      hint: 'Correct the YAML of the block; when in doubt, put values in quotes.',
      path: file,
      line: offset + (error.line ?? 1),
    })
    return undefined
  }
}
