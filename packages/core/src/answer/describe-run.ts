import path from 'node:path'
import { quote } from '../errors.js'
import type { CompletedRun, NeedsApprovalRun, RunResult } from '../sandbox/run-result.js'
import { severities } from '../scan/finding.js'
import { fileToolNames } from '../tools/own-tools.js'
import { describeEnd } from './describe-end.js'
import { engineWords, lastWords, skillWords } from './engine-words.js'

const MAX_LISTED = 10
/** Of a failed run, the end tells most: there stands the error. */
const MAX_ERROR_CHARACTERS = 4_000

/**
 * What a model is told of a result: what the skill printed where it succeeded, else what went wrong.
 *
 * @param directories Of skills, on the host: messages of a failure name them, and a model need not know where they lie
 */
export function describeRun(
  tool: string,
  result: RunResult,
  maxCharacters: number,
  directories: readonly string[],
): string {
  switch (result.status) {
    case 'refused':
      return engineWords(
        `${tool} was not run: ${result.reason}. Do not call it again in the same way; tell the user what you wanted it for.`,
      )
    case 'needs-approval':
      return engineWords(describeNeed(tool, result))
    case 'completed':
      if (succeeded(result)) return describeSuccess(tool, result, maxCharacters)
      return fileToolNames.includes(tool)
        ? engineWords(`${tool}: ${result.stderr.trim()}`)
        : describeFailure(tool, result, maxCharacters, directories)
  }
}

/** Whether the script ended by itself with status 0. */
export function succeeded(result: RunResult): boolean {
  return result.status === 'completed' && result.end.kind === 'exited' && result.end.code === 0
}

function describeNeed(tool: string, { scan, scanId }: NeedsApprovalRun): string {
  const counts = severities
    .map((severity) => [severity, scan.findings.filter((finding) => finding.severity === severity).length])
    .filter(([, count]) => count !== 0)
    .map(([severity, count]) => `${count} ${severity}`)
  return `${tool} was not run: it needs the user's approval, which nobody was there to give. A scan of the skill has findings (${counts.join(', ')}). Only the user can approve it, under the id ${scanId}; calling it again does not help.`
}

function describeSuccess(tool: string, result: CompletedRun, maxCharacters: number): string {
  const notes = notesOf(result)
  if (result.stdout.trim() !== '') {
    const said = skillWords(result.stdout, maxCharacters)
    return notes.length === 0 ? said : `${said}\n${engineWords(notes.join('\n'))}`
  }
  const said = lastWords(result.stderr, MAX_ERROR_CHARACTERS)
  if (said.trim() === '') return engineWords([`${tool} succeeded and printed nothing.`, ...notes].join('\n'))
  const head = [`${tool} succeeded and printed nothing on stdout.`, ...notes, 'It printed on stderr:']
  return `${engineWords(head.join('\n'))}\n${said}`
}

function describeFailure(
  tool: string,
  result: CompletedRun,
  maxCharacters: number,
  directories: readonly string[],
): string {
  const shown = (text: string): string => withoutDirectories(text, directories)
  const ended = describeEnd(result.end)
  const head = [
    ended === undefined
      ? `${tool} failed with exit status ${result.exitCode}.`
      : `${tool} was stopped before it was done: ${ended}.`,
    ...notesOf(result),
  ]
  const stderr = lastWords(shown(result.stderr), MAX_ERROR_CHARACTERS)
  const stdout = skillWords(shown(result.stdout), Math.min(maxCharacters, MAX_ERROR_CHARACTERS))
  const printed = [
    { stream: 'stderr', said: stderr },
    { stream: 'stdout', said: stdout },
  ].filter(({ said }) => said.trim() !== '')
  if (printed.length === 0) return engineWords([...head, 'It printed nothing.'].join('\n'))
  const parts = printed.map(({ stream, said }, index) => {
    const words = [...(index === 0 ? head : []), `It printed on ${stream}:`]
    return `${engineWords(words.join('\n'))}\n${said}`
  })
  return parts.join('\n')
}

/** Paths in skills, beginning with the name of the skill. */
function withoutDirectories(text: string, directories: readonly string[]): string {
  return directories.reduce(
    (rest, directory) => rest.replaceAll(`${directory}/`, `${path.basename(directory)}/`),
    text,
  )
}

/** What the output itself does not show. Files are told by name: where they lie on the host is not the model's business. */
function notesOf(result: CompletedRun): string[] {
  const violations = result.violations.map(({ message }) => `Refused: ${message}.`)
  const attempts = result.network
    .filter(({ verdict }) => verdict !== 'allowed')
    .map(
      ({ verdict, reason, count }) => `Network ${verdict}: ${reason}${count > 1 ? ` (${count} times)` : ''}.`,
    )
  // A null for what is left out is how some must write it.
  const read = (result.coerced ?? [])
    .filter(({ from }) => from !== null)
    .map(({ argument, from, to }) => `Read argument ${argument}: ${quote(from)} as ${quote(to)}.`)
  const cut = (['stdout', 'stderr'] as const)
    .filter((stream) => result.truncated[stream])
    .map((stream) => `It printed more on ${stream} than is kept; the end is missing.`)
  const kept = result.artifacts.map(
    ({ name, bytes }) => `File kept for the user: ${quote(name)} (${bytes} bytes).`,
  )
  const left = result.leftOut.map((file) => `File not kept: ${quote(file.path)}: ${file.reason}.`)
  const hint = result.hint === undefined ? [] : [`${result.hint}.`]
  return [violations, attempts, hint, read, cut, kept, left].flatMap(bounded)
}

function bounded(lines: readonly string[]): string[] {
  const shown = lines.slice(0, MAX_LISTED)
  return lines.length > shown.length ? [...shown, `… and ${lines.length - shown.length} more.`] : shown
}
