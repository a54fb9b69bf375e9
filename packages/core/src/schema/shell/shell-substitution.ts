import type { SyntaxNode } from '../../syntax/syntax-node.js'
import { execute } from './shell-execute.js'
import { expand } from './shell-expand.js'
import type { ShellReading } from './shell-reading.js'
import { isA, type ShellValue, STDIN, UNKNOWN } from './shell-values.js'
import { assumes, jsonMember } from './shell-variables.js'

/** What `$(…)` gives. */
export function substitution(node: SyntaxNode, run: ShellReading): ShellValue {
  const [first] = node.parts
  if (first === undefined) return ''
  if (first.type === 'file_redirect' && first.field('destination')?.text === '/dev/stdin')
    return readStdin(node, run)
  const words = first.type === 'command' ? wordsOf(first) : []
  if (
    words[0] === 'cat' &&
    (words.length === 1 || ['-', '/dev/stdin'].includes(words[1] ?? '')) &&
    !run.fed
  ) {
    return readStdin(node, run)
  }
  if (first.type === 'pipeline') {
    const piped = jqMember(first, run)
    if (piped !== undefined) return piped
  }
  const before = run.uncertain
  run.uncertain++
  try {
    for (const part of node.parts) execute(part, run)
  } finally {
    run.uncertain = before
  }
  return echoed(first, run) ?? UNKNOWN
}

/** `$(echo "$x" | tr …)`, `$(basename "$x")`, `$(realpath "$x")`: still the same input. */
function echoed(node: SyntaxNode, run: ShellReading): ShellValue | undefined {
  const command = node.type === 'pipeline' ? node.parts[0] : node
  if (command?.type !== 'command') return undefined
  if (!/^(echo|printf|basename|realpath|readlink)$/.test(command.field('name')?.text ?? '')) return undefined
  if (
    node.type === 'pipeline' &&
    !node.parts.slice(1).every((part) => /^(tr|sed|xargs)$/.test(part.field('name')?.text ?? ''))
  )
    return undefined
  const values = command.fields('argument').map((part) => expand(part, run))
  return values.find((value) => isA(value, 'input'))
}

export function readStdin(node: SyntaxNode, run: ShellReading): ShellValue {
  run.observed.stdin ??= { kind: 'text', file: run.file, line: node.line }
  return STDIN
}

/** `echo "$INPUT" | jq -r '.name // "x"'`, where the input is stdin. */
function jqMember(pipeline: SyntaxNode, run: ShellReading): ShellValue | undefined {
  const [source, filter] = pipeline.parts
  if (source?.type !== 'command' || filter?.type !== 'command' || filter.field('name')?.text !== 'jq')
    return undefined
  const values = source.fields('argument').map((part) => expand(part, run))
  if (!values.some((value) => isA(value, 'stdin'))) return undefined
  const text = filter
    .fields('argument')
    .map((part) => expand(part, run))
    .find((value) => typeof value === 'string' && value.startsWith('.'))
  const match =
    /^\.(?:\["([^"]+)"\]|(\w+))(\.\w+|\[\])?[^/]*(?:\/\/\s*("[^"]*"|-?\d+(?:\.\d+)?|true|false|empty|null))?/.exec(
      String(text ?? ''),
    )
  const key = match?.[1] ?? match?.[2]
  if (match === null || key === undefined || key === '__proto__') return undefined
  run.observed.stdin = { kind: 'json', file: run.file, line: pipeline.line }
  const value = jsonMember(key, pipeline.line, run)
  if (isA(value, 'input') && match[4] !== undefined) {
    if (/^(empty|null)$/.test(match[4])) value.input.optional = true
    else assumes(value.input, match[4].replace(/^"|"$/g, ''))
  }
  return match[3] === undefined ? value : UNKNOWN
}

const wordsOf = (command: SyntaxNode): string[] => [
  command.field('name')?.text ?? '',
  ...command.fields('argument').map(({ text }) => text),
]
