import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { InferredInterface } from '../../src/schema/inference.js'
import { buildInvocation } from '../../src/tools/build-invocation.js'
import { compact } from './infer-text.js'

/** One script of the corpus, and what must be read from it. */
export interface InferCase {
  readonly title: string
  readonly code: string
  /** The schema, the evidence's kind, and each call (`$ {…}`) with the command line that it gives. */
  readonly expected: string
}

/** Reads cases: `#### title`, the code, and after `====` what is expected. */
export function readCases(name: string): InferCase[] {
  const text = readFileSync(fileURLToPath(new URL(`./cases/${name}`, import.meta.url)), 'utf8')
  return text
    .split(/^#### /m)
    .slice(1)
    .map((part) => {
      const [head = '', expected = ''] = part.split(/^====\n/m)
      const [title = '', ...code] = head.split('\n')
      return { title, code: code.join('\n'), expected: expected.trim() }
    })
}

/** What was inferred, written as the cases write it. */
export function describeInferred(inferred: InferredInterface, calls: readonly string[]): string {
  const lines = [inferred.kind, ...compact(inferred)]
  if (inferred.needs.length > 0) lines.push(`needs ${inferred.needs.join(' ')}`)
  for (const { code } of inferred.diagnostics) lines.push(`diagnostic ${code}`)
  for (const call of calls) lines.push(`$ ${call}`, `> ${commandLine(inferred, call)}`)
  return lines.join('\n').trim()
}

function commandLine({ argvPlan }: InferredInterface, call: string): string {
  try {
    const { argv, stdin } = buildInvocation(argvPlan, JSON.parse(call) as Record<string, unknown>)
    return `${argv.map((word) => (/^[\w./,:=+-]+$/.test(word) ? word : JSON.stringify(word))).join(' ')}${stdin === '' ? '' : ` < ${JSON.stringify(stdin)}`}`.trim()
  } catch (error) {
    return `refused: ${(error as Error).message}`
  }
}
