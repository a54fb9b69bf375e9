import { SkillLiteError } from '../errors.js'
import type { PropertyEvidence } from '../schema/inference.js'
import { readSkillFile } from '../skill/skill-file.js'
import type { SkillInfo } from '../skill/skill-info.js'
import type { JsonSchema } from './tool-definition.js'

/** Where `SKILL.md` declares the properties of its `input_schema`. */
export function findEvidence(skill: SkillInfo, schema: JsonSchema): readonly PropertyEvidence[] {
  const text = skillText(skill)
  const from = Math.max(0, lineIndex(text, /^[ \t]*["']?input_schema["']?[ \t]*:/m))
  return propertyLines(text, from, Object.keys(schema.properties ?? {})).map(({ property, line }) => ({
    property,
    kind: 'declared',
    file: skill.file.slice(skill.directory.length + 1),
    line,
  }))
}

/**
 * The lines, counted from 1, that define properties below a line, in YAML or JSON with a line for each; that line itself
 * for what is written otherwise.
 */
export function propertyLines(
  text: string,
  from: number,
  names: readonly string[],
): readonly { readonly property: string; readonly line: number }[] {
  const lines = text.split('\n')
  const start = lines.findIndex((line, index) => index >= from && /^\s*["']?properties["']?\s*:/.test(line))
  const first = lines.findIndex((line, index) => start >= 0 && index > start && line.trim() !== '')
  const found = first === -1 ? new Map<string, number>() : keyLines(lines, first)
  return names.map((property) => ({ property, line: (found.get(property) ?? from) + 1 }))
}

/** The first line of each key that is indented as the one on the first line. */
function keyLines(lines: readonly string[], first: number): Map<string, number> {
  const indent = /^\s*/.exec(lines[first] ?? '')?.[0] ?? ''
  const found = new Map<string, number>()
  for (const [index, line] of lines.entries()) {
    if (index < first || !line.startsWith(indent)) continue
    const [, double, single, bare] =
      /^(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([^\s"':][^:]*?))\s*:/.exec(line.slice(indent.length, 500)) ?? []
    const key = double ?? single ?? bare
    if (key !== undefined && !found.has(key)) found.set(key, index)
  }
  return found
}

/** The line that a pattern begins on, counted from 0; -1 where it is not there. */
export function lineIndex(text: string, pattern: RegExp): number {
  const found = pattern.exec(text)
  if (found === null) return -1
  const start = found.index + found[0].length - found[0].trimStart().length
  return text.slice(0, start).split('\n').length - 1
}

function skillText(skill: SkillInfo): string {
  try {
    return readSkillFile(skill.directory).text
  } catch (error) {
    // Gone since it was read.
    if (SkillLiteError.is(error)) return ''
    throw error
  }
}
