import { SkillLiteError } from '../errors.js'
import type { PropertyEvidence } from '../schema/inference.js'
import { readSkillFile } from '../skill/skill-file.js'
import type { SkillInfo } from '../skill/skill-info.js'
import type { JsonSchema } from './tool-definition.js'

/** Where `SKILL.md` declares the properties of its `input_schema`. */
export function findEvidence(skill: SkillInfo, schema: JsonSchema): readonly PropertyEvidence[] {
  const text = skillText(skill)
  const from = Math.max(0, lineIndex(text, /^\s*input_schema\s*:/m))
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
  const indent = /^\s*/.exec(lines[first] ?? '')?.[0] ?? ''
  return names.map((property) => {
    const spelled = [property, JSON.stringify(property), `'${property}'`].map((name) => `${indent}${name}`)
    const found = lines.findIndex(
      (line, index) =>
        first >= 0 &&
        index >= first &&
        spelled.some((name) => line.startsWith(name) && /^\s*:/.test(line.slice(name.length))),
    )
    return { property, line: (found === -1 ? from : found) + 1 }
  })
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
