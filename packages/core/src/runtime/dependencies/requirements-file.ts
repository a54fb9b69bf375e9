import path from 'node:path'
import { invalidDependency } from './invalid-dependency.js'
import { parseRequirement, type Requirement } from './requirement.js'
import { skillText } from './skill-text.js'

const MAX_DEPTH = 4

/** The requirements of a `requirements.txt`, with those of the files that it includes by `-r`. */
export function requirementsOfFile(directory: string, file: string, depth = 0): readonly Requirement[] {
  const text = skillText(directory, file)
  if (text === undefined) {
    if (depth === 0) return []
    throw invalidDependency(file, 'it cannot be read as a file of the skill')
  }
  if (depth > MAX_DEPTH) throw invalidDependency(file, 'it is included too deeply')
  return logicalLines(text).flatMap(({ line, number }) => {
    const included = /^(?:-r|--requirement)[\s=]+(\S+)$/.exec(line)?.[1]
    if (included !== undefined)
      return requirementsOfFile(directory, path.join(path.dirname(file), included), depth + 1)
    // Hashes are for the exact version that the author had; what we record are our own.
    const requirement = line.replace(/\s+--hash[\s=]+\S+/g, '')
    const read = requirement.startsWith('-')
      ? 'options are not taken from a skill: where packages come from is set in your own configuration'
      : parseRequirement(requirement)
    if (typeof read === 'string') throw invalidDependency(`${file}, line ${number}`, read)
    return [read]
  })
}

/** Lines without comments, joined where one ends in a backslash. */
function logicalLines(text: string): { line: string; number: number }[] {
  const lines: { line: string; number: number }[] = []
  let joined = ''
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const line = raw.replace(/(^|\s)#.*$/, '')
    if (line.endsWith('\\')) {
      joined += `${line.slice(0, -1)} `
      continue
    }
    const whole = `${joined}${line}`.trim()
    joined = ''
    if (whole !== '') lines.push({ line: whole, number: index + 1 })
  }
  return lines
}
