import { SkillLiteError } from '../errors.js'
import { dropArtifacts } from './drop-artifacts.js'
import type { LaunchStreams } from './launch.js'
import { printedForms } from './printed-forms.js'
import type { CompletedRun } from './run-result.js'

/** Shorter values are too common as parts of other words. */
const SHORTEST = 6

/** Puts the names of secrets where their values would be. */
export interface Redaction {
  text(text: string): string
  /** What the host hears as it comes; `end` hands on what was held back because a value may have begun there. */
  streams(streams: LaunchStreams): { readonly streams: LaunchStreams; readonly end: () => void }
  result(result: CompletedRun): CompletedRun
  /** An error without the values; itself where it holds none. */
  error(error: unknown): unknown
}

/**
 * Redacts the values as they are and in the forms in which programs commonly print them: escaped for JSON or a URL, in
 * Base64 or hexadecimal. A script that wants to hide a value in another form can; that is not what this is for.
 */
export function redactionOf(environment: Readonly<Record<string, string>>): Redaction | undefined {
  const forms = new Map<string, string>()
  for (const [name, value] of Object.entries(environment)) {
    if (value.length < SHORTEST) continue
    for (const form of printedForms(value)) if (!forms.has(form)) forms.set(form, `[${name}]`)
  }
  if (forms.size === 0) return undefined
  // The longest first: one value may be a part of another.
  const wanted = [...forms].sort(([a], [b]) => b.length - a.length)
  const pattern = new RegExp(
    wanted.map(([form]) => form.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('|'),
    'g',
  )
  const text = (whole: string): string => whole.replace(pattern, (form) => forms.get(form) ?? '')
  const deep = <Value>(value: Value): Value => walk(value, text) as Value
  return {
    text,
    streams(streams) {
      const bytes = wanted.map(([form, name]) => [Buffer.from(form), Buffer.from(name)] as const)
      const out = streams.onStdout && new ByteRedactor(bytes, streams.onStdout)
      const err = streams.onStderr && new ByteRedactor(bytes, streams.onStderr)
      return {
        streams: {
          ...streams,
          ...(out && { onStdout: (chunk) => out.add(chunk) }),
          ...(err && { onStderr: (chunk) => err.add(chunk) }),
        },
        end: () => {
          out?.end()
          err?.end()
        },
      }
    },
    result(result) {
      // A name can only be shown as it is.
      const kept = dropArtifacts(result, (name) =>
        text(name) === name ? undefined : 'its name holds the value of a secret',
      )
      const { artifacts, output, ...rest } = kept
      return { ...deep(rest), artifacts, output: walk(output, text, true) }
    },
    error(error) {
      if (!SkillLiteError.is(error)) return error
      const { code, message, hint } = error
      if (text(message) === message && text(hint ?? '') === (hint ?? '')) return error
      return new SkillLiteError(code, text(message), hint && text(hint))
    },
  }
}

/** `numbers`: a value made of digits may stand in JSON without quotes. */
function walk(value: unknown, text: (text: string) => string, numbers = false): unknown {
  if (typeof value === 'string') return text(value)
  if (typeof value === 'number' && numbers)
    return text(String(value)) === String(value) ? value : text(String(value))
  if (Array.isArray(value)) return value.map((item) => walk(item, text, numbers))
  if (typeof value !== 'object' || value === null) return value
  // defined, not assigned: a script's JSON may have a key __proto__
  const copy = {}
  for (const [key, member] of Object.entries(value)) {
    const property = {
      value: walk(member, text, numbers),
      enumerable: true,
      configurable: true,
      writable: true,
    }
    Object.defineProperty(copy, text(key), property)
  }
  return copy
}

/** Redacts a stream whose pieces may end anywhere: the end of a piece that could begin a value waits for the next. */
class ByteRedactor {
  private held: Buffer = Buffer.alloc(0)

  constructor(
    private readonly forms: readonly (readonly [form: Buffer, name: Buffer])[],
    private readonly listener: (chunk: Uint8Array) => void,
  ) {}

  add(chunk: Uint8Array): void {
    this.push(Buffer.concat([this.held, chunk]), false)
  }

  end(): void {
    this.push(this.held, true)
  }

  private push(data: Buffer, last: boolean): void {
    const parts: Buffer[] = []
    const until = last ? data.length : this.pending(data)
    // Where each form comes next; looked for again only once it is passed, so that many values cost no more than few.
    const next = this.forms.map(([form]) => data.indexOf(form))
    let from = 0
    for (;;) {
      const at = Math.min(...next.map((place) => (place < 0 ? data.length : place)))
      // Of those that begin at one place the longest stands first.
      const form = this.forms[next.indexOf(at)]
      if (form === undefined || at >= until) break
      parts.push(data.subarray(from, at), form[1])
      from = at + form[0].length
      for (const [index, [other]] of this.forms.entries()) {
        const place = next[index] ?? -1
        if (place >= 0 && place < from) next[index] = data.indexOf(other, from)
      }
    }
    const end = Math.max(from, until)
    parts.push(data.subarray(from, end))
    this.held = Buffer.from(data.subarray(end))
    const whole = Buffer.concat(parts)
    if (whole.length > 0) this.listener(whole)
  }

  /** Where the first form begins of which the data holds a part only, at its end. */
  private pending(data: Buffer): number {
    let earliest = data.length
    for (const [form] of this.forms) {
      for (let size = Math.min(form.length - 1, data.length); size > 0; size--) {
        if (data.length - size >= earliest) break
        if (data.subarray(data.length - size).equals(form.subarray(0, size))) {
          earliest = data.length - size
          break
        }
      }
    }
    return earliest
  }
}
