import type { SyntaxNode } from '../../syntax/syntax-node.js'
import { hasType } from '../observed/input.js'
import { flagInput } from '../observed/observed.js'
import { wordList } from '../observed/word-list.js'
import { afterFlags, type Ending, executeAll } from './shell-execute.js'
import { expand } from './shell-expand.js'
import { MAX_DEPTH, type ShellReading } from './shell-reading.js'
import { readStdin } from './shell-substitution.js'
import { isA, type ShellValue, UNKNOWN } from './shell-values.js'

/** Follows a command: one of the shell itself, a function of the script, or any other. */
export function executeCommand(node: SyntaxNode, run: ShellReading): Ending {
  const name = node.field('name')?.text.replace(/^["']|["']$/g, '') ?? ''
  const { fed } = run
  run.fed ||= node.children.some(({ type }) => /redirect$/.test(type) && type !== 'file_redirect')
  for (const part of node.parts) if (part.type === 'variable_assignment') expand(part.field('value'), run)
  const values = node.fields('argument').map((part) => expand(part, run))
  const ending = known(name, values, node, run)
  run.fed = fed
  return ending
}

function known(name: string, values: ShellValue[], node: SyntaxNode, run: ShellReading): Ending {
  const body = run.functions.get(name)
  if (body !== undefined) return callFunction(body, values, run)
  switch (name) {
    case 'exit':
    case 'die':
    case 'exec':
      if (name === 'exec') use(values, node, run)
      return 'exit'
    case 'return':
      return 'return'
    case 'break':
    case 'continue':
      return 'jump'
    case 'shift':
      shift(node, run)
      return undefined
    case 'set':
      setParameters(values, run)
      return undefined
    case 'getopts':
      getopts(values, node, run)
      return undefined
    case 'read':
    case 'mapfile':
    case 'readarray':
      readCommand(values, node, run)
      return undefined
    case 'cat':
    case 'tee':
    case 'jq':
      if (!run.fed && readsStdin(name, values)) readStdin(node, run)
      break
    case 'sleep':
    case 'seq':
      for (const value of values)
        if (isA(value, 'input')) hasType(value.input, name === 'seq' ? 'integer' : 'number')
      break
    case 'getopt':
      return undefined
  }
  use(values, node, run)
  return undefined
}

/** Words handed on as a whole. */
function use(values: readonly ShellValue[], node: SyntaxNode, run: ShellReading): void {
  for (const value of values) {
    if (!isA(value, 'words')) continue
    value.list.whole ??= { file: run.file, line: node.line }
    value.list.handed = true
  }
}

const readsStdin = (name: string, values: readonly ShellValue[]): boolean => {
  const words = values.filter((value) => !(typeof value === 'string' && /^-./.test(value)))
  if (name === 'cat') return words.length === 0 || words.some((word) => word === '-' || word === '/dev/stdin')
  return name === 'tee' ? true : words.length === 1
}

function callFunction(body: SyntaxNode, values: ShellValue[], run: ShellReading): Ending {
  if (run.depth >= MAX_DEPTH) return undefined
  const { parameters } = run
  const [only] = values
  const handsOn =
    isA(only, 'words') && values.length === 1 && parameters.kind === 'script' && only.list === parameters.list
  if (!handsOn) run.parameters = { kind: 'given', values }
  if (isA(only, 'words') && values.length === 1 && !handsOn)
    run.parameters = { kind: 'script', list: only.list, loops: run.loops }
  run.depth++
  try {
    const ending = executeAll(body.parts, run)
    return ending === 'exit' ? 'exit' : undefined
  } finally {
    run.depth--
    run.parameters = parameters
  }
}

function shift(node: SyntaxNode, run: ShellReading): void {
  const count = Number(node.field('argument')?.text ?? 1)
  const { parameters, flag } = run
  if (Number.isNaN(count)) {
    // `shift $((OPTIND - 1))`
    if (/OPTIND/.test(node.text)) afterFlags(run)
    return
  }
  if (parameters.kind === 'given') run.parameters = { kind: 'given', values: parameters.values.slice(count) }
  else if (run.loops > parameters.loops) {
    if (flag !== undefined) flag.shifted += count
  } else {
    const rest = wordList(parameters.list.only, parameters.list.from + count, parameters.list.loops)
    if (run.command !== undefined) rest.command = run.command
    run.observed.lists.push(rest)
    run.parameters = { ...parameters, list: rest }
  }
}

/** `set -- "${words[@]}"` */
function setParameters(values: readonly ShellValue[], run: ShellReading): void {
  const at = values.indexOf('--')
  if (at < 0 || run.loops > 0) return
  const given = values.slice(at + 1)
  const [only] = given
  if (isA(only, 'words')) run.parameters = { kind: 'script', list: only.list, loops: run.loops }
  else if (given.every((value) => value !== UNKNOWN)) run.parameters = { kind: 'given', values: [...given] }
}

/** `getopts "ab:" option` */
function getopts([letters, variable]: readonly ShellValue[], node: SyntaxNode, run: ShellReading): void {
  if (typeof letters !== 'string' || typeof variable !== 'string') return
  run.letterVariable = variable
  run.observed.ownsDashes = true
  for (const [, letter = '', colon] of letters.replace(/^:/, '').matchAll(/([\w?])(:?)/g)) {
    run.letters.set(letter, colon === ':')
    if (letter === 'h' || letter === '?') continue
    const input = flagInput(run.observed, [`-${letter}`], run.file, node.line)
    if (colon === ':') input.separate = true
  }
}

/** `read name`, from the script's stdin. */
function readCommand(values: readonly ShellValue[], node: SyntaxNode, run: ShellReading): void {
  const redirected = node.children.some(({ type }) => /redirect$/.test(type))
  const names = values.filter(
    (value): value is string => typeof value === 'string' && /^[A-Za-z_]\w*$/.test(value),
  )
  for (const name of names) run.variables.set(name, UNKNOWN)
  if (!run.fed && !redirected) readStdin(node, run)
}
