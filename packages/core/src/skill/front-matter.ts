import type { ErrorCode } from '../errors.js'
import { SkillLiteError } from '../errors.js'
import { parseYamlMapping, YamlProblem } from './yaml-mapping.js'

/** A `SKILL.md` cut at its fences, nothing interpreted. */
export interface FrontMatterText {
  /** The text between the fences; its first line is line 2 of the file. */
  readonly yaml: string
  /** What follows the closing fence, trimmed. */
  readonly body: string
  /** 1-based line of the file on which the trimmed body begins. */
  readonly bodyLine: number
}

/** A `SKILL.md` as data and Markdown. */
export interface FrontMatter {
  /** Null prototype at every level; scalars are text, except below `input_schema`. */
  readonly data: Readonly<Record<string, unknown>>
  /** 1-based line of the file for each top-level key. */
  readonly lines: ReadonlyMap<string, number>
  readonly body: string
  readonly bodyLine: number
  /** Line of the description, if it could only be read by taking it literally. */
  readonly requotedLine?: number
}

/** What {@link parseFrontMatter} throws; its messages begin with the reference library's texts. */
export class FrontMatterError extends SkillLiteError {
  constructor(
    code: ErrorCode,
    message: string,
    hint: string,
    /** 1-based line of the file. */
    readonly line?: number,
  ) {
    super(code, message, hint)
  }
}

const fence = /^---[ \t]*$/

/**
 * Cuts a `SKILL.md` at its fences. Both must be lines of their own: a first line such as `---js`, which other readers take for
 * an instruction to evaluate what follows, is no fence.
 */
export function splitFrontMatter(text: string): FrontMatterText {
  const source = text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text
  const firstEnd = source.indexOf('\n')
  if (!fence.test(firstEnd === -1 ? source : source.slice(0, firstEnd))) {
    throw new FrontMatterError(
      'SKILL_FRONT_MATTER_MISSING',
      'SKILL.md must start with YAML frontmatter (---)',
      'Make the first line exactly ---, then name and description, then a second line ---.',
      1,
    )
  }
  const close = firstEnd === -1 ? undefined : findClosingFence(source, firstEnd)
  if (!close) {
    throw new FrontMatterError(
      'SKILL_FRONT_MATTER_UNCLOSED',
      'SKILL.md frontmatter not properly closed with ---',
      'End the front matter with a line that is exactly ---.',
      1,
    )
  }
  const yaml = source.slice(firstEnd + 1, close.start)
  const rest = source.slice(close.end)
  const body = rest.trim()
  const skipped = rest.slice(0, rest.length - rest.trimStart().length)
  return { yaml, body, bodyLine: countLines(yaml) + 2 + countLines(skipped) }
}

/**
 * Reads the front matter of a `SKILL.md`.
 *
 * @param options `tolerant` also accepts flow style (`[a, b]`), and a description that is no valid YAML because of an unquoted
 * `: ` is taken literally. @default `{ tolerant: false }`, as the reference library reads
 * @throws FrontMatterError
 */
export function parseFrontMatter(text: string, options: { readonly tolerant?: boolean } = {}): FrontMatter {
  const { yaml, body, bodyLine } = splitFrontMatter(text)
  try {
    const { data, lines, flowLine } = parseYamlMapping(yaml)
    if (flowLine !== undefined && !options.tolerant) {
      throw new YamlProblem('flow style ([a, b] or {a: b}) is not allowed', flowLine)
    }
    return { data, lines: fileLines(lines), body, bodyLine }
  } catch (error) {
    if (!(error instanceof YamlProblem)) throw error
    const retried = options.tolerant ? retryWithQuotes(yaml) : undefined
    if (retried) return { ...retried, body, bodyLine }
    throw asFrontMatterError(error)
  }
}

function findClosingFence(source: string, from: number): { start: number; end: number } | undefined {
  for (let at = source.indexOf('\n---', from); at !== -1; at = source.indexOf('\n---', at + 1)) {
    const lineEnd = source.indexOf('\n', at + 1)
    const end = lineEnd === -1 ? source.length : lineEnd
    // The first test is cheap and refuses long lines before the pattern sees them.
    if (fence.test(source.slice(at + 1, Math.min(end, at + 200)))) return { start: at + 1, end }
  }
  return undefined
}

/** `description: Use when: asked` is the most common mistake of authors, and what they meant is clear. */
function retryWithQuotes(yaml: string): Omit<FrontMatter, 'body' | 'bodyLine'> | undefined {
  const lines = yaml.split('\n')
  const at = lines.findIndex((line) => /^description:[ \t]+[^\s"'|>]/.test(line))
  if (at === -1) return undefined
  let end = at + 1
  while (end < lines.length && /^[ \t]+\S/.test(lines[end] ?? '')) end++
  const value = lines
    .slice(at, end)
    .map((line) => line.trim())
    .join(' ')
    .slice('description:'.length)
    .trim()
  // As many lines as before, so that line numbers stay right.
  const quoted = [`description: '${value.replaceAll("'", "''")}'`, ...Array(end - at - 1).fill('')]
  try {
    const parsed = parseYamlMapping([...lines.slice(0, at), ...quoted, ...lines.slice(end)].join('\n'))
    return { data: parsed.data, lines: fileLines(parsed.lines), requotedLine: at + 2 }
  } catch {
    return undefined
  }
}

function asFrontMatterError(problem: YamlProblem): FrontMatterError {
  const line = problem.line === undefined ? undefined : problem.line + 1
  if (problem.kind === 'not-a-mapping') {
    const hint = 'Write the front matter as key: value lines, with name and description.'
    const message = 'SKILL.md frontmatter must be a YAML mapping'
    return new FrontMatterError('SKILL_FRONT_MATTER_INVALID', message, hint, line)
  }
  const where = line === undefined ? '' : ` (line ${line})`
  const message = `Invalid YAML in frontmatter: ${problem.message}${where}`
  const hint = /compact mappings/.test(problem.message)
    ? 'Put the value in quotes: it contains a colon followed by a space.'
    : 'Correct the YAML between the --- lines; when in doubt, put values in quotes.'
  return new FrontMatterError('SKILL_FRONT_MATTER_INVALID', message, hint, line)
}

function fileLines(lines: ReadonlyMap<string, number>): Map<string, number> {
  return new Map(Array.from(lines, ([key, line]) => [key, line + 1]))
}

function countLines(text: string): number {
  let count = 0
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) count++
  return count
}
