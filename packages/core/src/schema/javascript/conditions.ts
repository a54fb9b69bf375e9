import type { Input } from '../observed/input.js'
import { hasType } from '../observed/input.js'
import type { Reading } from './reading.js'
import { type Facts, is, type JsTest, type JsValue } from './values.js'

const NOTHING: Facts = {}

/** What a condition says, where it holds and where it does not. */
export function testOf(value: JsValue): Pick<JsTest, 'yes' | 'no'> {
  if (is(value, 'test')) return value
  if (is(value, 'input')) return { yes: NOTHING, no: { missing: [value.input] } }
  if (is(value, 'lookup')) {
    return { yes: NOTHING, no: { outside: { input: value.input, values: value.keys } } }
  }
  if (is(value, 'length')) return { yes: NOTHING, no: { fewer: [{ list: value.list, count: 1 }] } }
  return { yes: NOTHING, no: NOTHING }
}

/** Where both hold. */
export function both(a: Facts, b: Facts): Facts {
  const some = alternatives(a.missing ?? [], b.missing ?? [])
  const outside = a.outside ?? b.outside
  return {
    ...a,
    ...b,
    ...merged(a, b),
    ...(some ? { missing: [] } : {}),
    ...(outside === undefined
      ? {}
      : {
          outside:
            a.outside?.input === b.outside?.input && a.outside !== undefined && b.outside !== undefined
              ? { input: outside.input, values: [...a.outside.values, ...b.outside.values] }
              : outside,
        }),
  }
}

/** Of two of which one is enough, neither is needed. */
function alternatives(a: readonly Input[], b: readonly Input[]): boolean {
  if (a.length === 0 || b.length === 0) return false
  for (const input of [...a, ...b]) input.optional = true
  return true
}

/** Where one of them holds: it can only be said of things missing that one of them is. */
export function either(a: Facts, b: Facts): Facts {
  const flags = a.flag !== undefined && b.flag !== undefined
  return {
    ...merged(a, b),
    ...(flags && a.flag !== undefined && b.flag !== undefined
      ? {
          flag: {
            ...a.flag,
            flags: [...a.flag.flags, ...b.flag.flags],
            joined: a.flag.joined || b.flag.joined,
          },
        }
      : {}),
    ...(a.outside !== undefined || b.outside !== undefined ? { outside: a.outside ?? b.outside } : {}),
    ...(a.command !== undefined && b.command !== undefined ? { command: [...a.command, ...b.command] } : {}),
    ...(a.anyFlag === true && b.anyFlag === true ? { anyFlag: true } : {}),
  } as Facts
}

function merged(a: Facts, b: Facts): Facts {
  const missing = [...(a.missing ?? []), ...(b.missing ?? [])]
  const fewer = [...(a.fewer ?? []), ...(b.fewer ?? [])]
  return { ...(missing.length === 0 ? {} : { missing }), ...(fewer.length === 0 ? {} : { fewer }) }
}

/** Reads on where these facts hold, of which it is not known whether they do. */
export function evaluateWithin<T>(facts: Facts, read: () => T, run: Reading): T {
  const { flag, command, commandGuards } = run
  if (facts.flag !== undefined) run.flag = { ...facts.flag, used: false }
  run.command = facts.command ?? command
  run.uncertain++
  run.guards++
  if (facts.command !== undefined) run.commandGuards = run.guards
  try {
    return read()
  } finally {
    run.uncertain--
    run.guards--
    run.flag = flag
    run.command = command
    run.commandGuards = commandGuards
  }
}

/** Learns from a branch that ends the program: what led there must not be. */
export function learnFromEnd(facts: Facts, run: Reading): void {
  if (facts.outside !== undefined) allowOnly(facts.outside.input, facts.outside.values)
  // What is needed under some condition is not needed always.
  const always = run.guards === 0
  for (const input of facts.missing ?? []) {
    if (!always && !(input.command !== undefined && run.guards <= run.commandGuards)) input.optional = true
    else if (input.default === undefined) input.required = true
  }
  if (!always) return
  for (const { list, count } of facts.fewer ?? []) {
    const needed = run.observed.needed.get(list.only) ?? 0
    run.observed.needed.set(list.only, Math.max(needed, list.from + count))
  }
}

function allowOnly(input: Input, values: readonly unknown[]): void {
  const all = [...new Set([...input.compared, ...values])]
  if (all.length > 1 || input.source === 'flag') allow(input, all)
}

function allow(input: Input, values: readonly unknown[]): void {
  input.choices ??= values
  if (input.type === undefined && values.every((value) => typeof value === 'string')) hasType(input, 'string')
}

/** Learns from a branch that goes on all the same. */
export function learnFromBranch(facts: Facts): void {
  for (const input of facts.missing ?? []) input.optional = true
}
