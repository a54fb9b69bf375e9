import path from 'node:path'
import { quote } from '../errors.js'
import { isPlainText } from '../policy/plain-text.js'

/** How a command line is run, or why it is not. */
export type PlannedCommand =
  | { readonly kind: 'command'; readonly command: readonly [string, ...string[]] }
  | { readonly kind: 'refused'; readonly reason: string }

const MAX_CHARACTERS = 32_000

/**
 * Plans a command line with the programs that the host grants: a program with its arguments as it is, anything more
 * through a shell, if one is granted.
 */
export function planCommand(line: string, programs: readonly string[]): PlannedCommand {
  if (programs.length === 0) return refused('commands are not allowed: no program is granted')
  if (typeof line !== 'string' || line.trim() === '' || line.length > MAX_CHARACTERS || !isPlainText(line)) {
    return refused(`the command line ${quote(line)} is empty, too long or not plain text`)
  }
  const granted = (name: string): string | undefined =>
    programs.find((program) => program === name || path.basename(program) === name)
  const words = wordsOf(line)
  const [name, ...args] = words ?? []
  const program = name === undefined ? undefined : granted(name)
  if (program !== undefined) return { kind: 'command', command: [program, ...args] }
  const shell = granted('bash') ?? granted('sh')
  if (shell !== undefined) return { kind: 'command', command: [shell, '-c', line] }
  const wrong =
    name === undefined
      ? 'it takes a shell to run that command line, and none is granted'
      : `the program ${quote(name)} is not granted`
  return refused(`${wrong}; granted are ${programs.map((entry) => path.basename(entry)).join(', ')}`)
}

function refused(reason: string): PlannedCommand {
  return { kind: 'refused', reason }
}

/** The words of a line in which nothing but quotes has a meaning to a shell; nothing for any other line. */
function wordsOf(line: string): string[] | undefined {
  const piece = /([ \t]+)|[\p{L}\p{N}_./:@%+,=-]+|'([^']*)'|"([^"$`\\!]*)"/uy
  const text = line.trim()
  const words = ['']
  while (piece.lastIndex < text.length) {
    const match = piece.exec(text)
    if (match === null) return undefined
    const [whole, space, single, double] = match
    if (space !== undefined) words.push('')
    else words.push(`${words.pop()}${single ?? double ?? whole}`)
  }
  // A variable before the program is the shell's to set.
  return words[0]?.includes('=') === true ? undefined : words
}
