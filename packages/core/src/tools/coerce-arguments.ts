import type { ArgumentProblem } from '../schema/argument-problem.js'
import type { ArgumentCheck } from '../schema/plain-schema.js'
import { displayPath, type Path, valueAt } from './argument-path.js'
import { copyArguments } from './copy-arguments.js'

/** An argument that was given in another form than the schema wants, and read as what it can only mean. */
export interface Coercion {
  /** Where: `count`, `options.sizes[0]`. */
  readonly argument: string
  readonly from: unknown
  /** Left out for a null that was read as no argument at all. */
  readonly to?: unknown
}

export interface CoercedArguments {
  /** What is wrong all the same. */
  readonly problems: readonly ArgumentProblem[]
  readonly coerced: readonly Coercion[]
}

/** A text in a list in a text: more than that no model writes by mistake. */
const MAX_ROUNDS = 3

interface Change {
  readonly path: Path
  readonly from: unknown
}

/**
 * Checks `args`, filling in defaults, and mends what models typically get wrong where it can mean only one thing: a
 * number or boolean in quotes, one value for a list, a list or object written as JSON text, null for an argument that is
 * left out. A mend that does not make its argument valid is undone.
 */
export function coerceArguments(args: Record<string, unknown>, check: ArgumentCheck): CoercedArguments {
  let problems = check(args)
  const changes: Change[] = []
  for (let round = 0; round < MAX_ROUNDS && problems.length > 0; round++) {
    if (!mend(args, problems, changes)) break
    problems = check(args)
  }
  if (changes.length === 0) return { problems, coerced: [] }
  const wrong = new Set(problems.flatMap(({ path }) => prefixesOf(path)))
  const isWrong = ({ path }: Change): boolean => wrong.has(keyOf(path))
  const coerced = changes
    .filter((change) => !isWrong(change))
    .map(({ path, from }) => coercion(path, from, valueAt(args, path)))
  if (coerced.length === changes.length) return { problems, coerced }
  for (const { path, from } of changes.filter(isWrong)) setAt(args, path, from)
  return { problems: check(args), coerced }
}

function coercion(path: Path, from: unknown, to: unknown): Coercion {
  return { argument: displayPath(path), from, ...(to === undefined ? {} : { to }) }
}

/** Applies every mend that a problem suggests; a change below an earlier one is part of that. Returns whether any was. */
function mend(
  args: Record<string, unknown>,
  problems: readonly ArgumentProblem[],
  changes: Change[],
): boolean {
  const changed = new Set(changes.map(({ path }) => keyOf(path)))
  const seen = new Set<string>()
  for (const problem of problems) {
    const { path } = problem
    const key = keyOf(path)
    if (path.length === 0 || seen.has(key)) continue
    const from = valueAt(args, path)
    const to = meaningOf(from, problem)
    if (to === undefined && !isLeftOut(from, problem)) continue
    seen.add(key)
    setAt(args, path, to)
    if (!prefixesOf(path).some((prefix) => changed.has(prefix))) changes.push({ path, from })
  }
  return seen.size > 0
}

/** The one value that `given` can mean where the schema wants another; nothing where there is none or more. */
function meaningOf(given: unknown, { fault }: ArgumentProblem): unknown {
  if (fault.kind === 'choice') {
    // An enum that does not say its type.
    return typeof given === 'string'
      ? fault.allowed.find((value) => typeof value !== 'string' && JSON.stringify(value) === given)
      : undefined
  }
  if (fault.kind !== 'type') return undefined
  const wants = (type: string): boolean => fault.types.includes(type)
  if (typeof given === 'string') {
    const number = numberOf(given)
    if (number !== undefined && (wants('number') || (wants('integer') && Number.isInteger(number)))) {
      return number
    }
    if (wants('boolean') && /^(true|false)$/i.test(given)) return given.toLowerCase() === 'true'
    const data = dataOf(given)
    if (Array.isArray(data) ? wants('array') : data !== undefined && wants('object')) return data
  }
  const single =
    typeof given === 'number' || typeof given === 'boolean' || (typeof given === 'string' && given !== '')
  return single && wants('array') ? [given] : undefined
}

/** Only what JSON calls a number (`007` is a name), and only where nothing of it is lost. */
function numberOf(text: string): number | undefined {
  if (!/^-?(0|[1-9]\d*)(\.\d+)?(e[+-]?\d+)?$/i.test(text)) return undefined
  const value = Number(text)
  return Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value))
    ? value
    : undefined
}

/** The list or object that a text is as JSON. */
function dataOf(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return undefined
  try {
    return copyArguments({ data: JSON.parse(text) }, '').data
  } catch {
    return undefined
  }
}

/** Whether a null stands where a value of that name could be missing. Models that must name every argument write so. */
const isLeftOut = (given: unknown, { path, fault }: ArgumentProblem): boolean =>
  given === null && fault.kind !== 'unknown' && typeof path.at(-1) === 'string'

/** Puts a value in its place, or takes away what is there. */
function setAt(args: Record<string, unknown>, path: Path, value: unknown): void {
  const parent = valueAt(args, path.slice(0, -1)) as Record<string | number, unknown>
  const last = path.at(-1)
  if (last === undefined) return
  if (value === undefined) delete parent[last]
  else parent[last] = value
}

const keyOf = (path: Path): string => JSON.stringify(path)

const prefixesOf = (path: Path): string[] => path.map((_, index) => keyOf(path.slice(0, index + 1)))
