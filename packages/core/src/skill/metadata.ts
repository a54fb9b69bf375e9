import { quote } from '../errors.js'
import type { FrontMatter } from './front-matter.js'
import type { Diagnostic, SkillMetadata } from './skill-info.js'
import { compatibilityErrors, descriptionErrors, nameErrors, normalizeName } from './validate.js'

/**
 * Reads the fields of the specification tolerantly. Answers undefined only where no description is left to show a model.
 *
 * @param directoryName Stands in for a missing name, and is what a name is compared with
 */
export function readMetadata(
  { data, lines }: Pick<FrontMatter, 'data' | 'lines'>,
  directoryName: string,
  file: string,
  diagnostics: Diagnostic[],
): SkillMetadata | undefined {
  const report = (
    code: string,
    message: string,
    hint: string,
    field: string,
    severity: Diagnostic['severity'],
  ): void => {
    const line = lines.get(field)
    diagnostics.push({ code, severity, message, hint, path: file, ...(line && { line }) })
  }
  const { description } = data
  if (typeof description !== 'string' || description.trim() === '') {
    const message = Object.hasOwn(data, 'description')
      ? "Field 'description' must be a non-empty string"
      : 'Missing required field in frontmatter: description'
    const hint = 'Say what the skill does and when to use it: a model sees nothing else before it decides.'
    report('description-missing', message, hint, 'description', 'error')
    return undefined
  }
  for (const message of descriptionErrors(description)) {
    report('description-too-long', message, 'Move details to the body.', 'description', 'warning')
  }
  const optionalText = (field: string): string | undefined => {
    const value = data[field]
    if (value === undefined || value === '') return undefined
    if (typeof value === 'string') return value.trim()
    report(
      'field-invalid',
      `Field '${field}' must be text, got ${quote(value)}`,
      'Write one line of text.',
      field,
      'warning',
    )
    return undefined
  }
  const license = optionalText('license')
  const compatibility = optionalText('compatibility')
  for (const message of compatibility === undefined ? [] : compatibilityErrors(compatibility)) {
    report(
      'compatibility-too-long',
      message,
      'Keep what a reader needs in order to decide.',
      'compatibility',
      'warning',
    )
  }
  const name = readName(data.name, directoryName, report)
  const allowedTools = readAllowedTools(data['allowed-tools'], report)
  const metadata = readMap(data.metadata, report)
  return {
    name,
    description: description.trim(),
    ...(license !== undefined && { license }),
    ...(compatibility !== undefined && { compatibility }),
    ...(allowedTools !== undefined && { allowedTools }),
    ...(metadata && { metadata }),
  }
}

type Report = (
  code: string,
  message: string,
  hint: string,
  field: string,
  severity: Diagnostic['severity'],
) => void

function readName(value: unknown, directoryName: string, report: Report): string {
  if (typeof value !== 'string' || value.trim() === '') {
    const message = `The skill has no usable name; its directory's, ${quote(directoryName)}, is used`
    report('name-missing', message, 'Give the name of the directory in the front matter.', 'name', 'warning')
    return normalizeName(directoryName)
  }
  const name = normalizeName(value)
  for (const message of nameErrors(value)) {
    const hint = 'Use lower-case letters, digits and single hyphens, at most 64 characters.'
    report('name-invalid', message, hint, 'name', 'warning')
  }
  if (directoryName.normalize('NFKC') !== name) {
    const message = `Directory name '${directoryName}' must match skill name '${name}'`
    report('name-mismatch', message, 'Rename the directory or the skill.', 'name', 'warning')
  }
  return name
}

function readAllowedTools(value: unknown, report: Report): string | undefined {
  if (value === undefined || value === '') return undefined
  if (typeof value === 'string') return value.trim()
  const hint = 'Write the tools in one line, with spaces between.'
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) {
    report(
      'allowed-tools-list',
      "Field 'allowed-tools' is a list, not text",
      hint,
      'allowed-tools',
      'warning',
    )
    return value.join(' ')
  }
  report(
    'field-invalid',
    `Field 'allowed-tools' must be text, got ${quote(value)}`,
    hint,
    'allowed-tools',
    'warning',
  )
  return undefined
}

function readMap(value: unknown, report: Report): Readonly<Record<string, unknown>> | undefined {
  if (value === undefined || value === '') return undefined
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>
  const message = `Field 'metadata' must be a mapping, got ${quote(value)}`
  report('field-invalid', message, 'Write key: value lines below it.', 'metadata', 'warning')
  return undefined
}
