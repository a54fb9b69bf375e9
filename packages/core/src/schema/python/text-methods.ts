import { braceFormat } from './format-text.js'
import { iterate } from './iterate.js'
import { MAX_TEXT } from './operators.js'
import {
  type CallArguments,
  isObject,
  type PyTyped,
  type PyValue,
  sequence,
  typed,
  UNKNOWN,
} from './values.js'

type Method = (text: string, args: readonly PyValue[]) => PyValue | undefined

const capitalized = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1).toLowerCase()

function stripped(
  text: string,
  chars: PyValue | undefined,
  sides: 'both' | 'left' | 'right',
): string | undefined {
  if (chars !== undefined && chars !== null && typeof chars !== 'string') return undefined
  const set = typeof chars === 'string' ? new Set(chars) : undefined
  const strips = (char: string): boolean => (set === undefined ? /\s/.test(char) : set.has(char))
  let [start, end] = [0, text.length]
  if (sides !== 'right') while (start < end && strips(text.charAt(start))) start++
  if (sides !== 'left') while (end > start && strips(text.charAt(end - 1))) end--
  return text.slice(start, end)
}

const methods: Readonly<Record<string, Method>> = {
  lower: (text) => text.toLowerCase(),
  casefold: (text) => text.toLowerCase(),
  upper: (text) => text.toUpperCase(),
  title: (text) => text.replace(/[A-Za-z]+/g, capitalized),
  capitalize: capitalized,
  strip: (text, [chars]) => stripped(text, chars, 'both'),
  lstrip: (text, [chars]) => stripped(text, chars, 'left'),
  rstrip: (text, [chars]) => stripped(text, chars, 'right'),
  replace: (text, [from, to]) =>
    typeof from === 'string' &&
    typeof to === 'string' &&
    from !== '' &&
    text.split(from).length * to.length < MAX_TEXT
      ? text.replaceAll(from, to)
      : undefined,
  startswith: (text, [start]) => (typeof start === 'string' ? text.startsWith(start) : undefined),
  endswith: (text, [end]) => (typeof end === 'string' ? text.endsWith(end) : undefined),
  removeprefix: (text, [start]) =>
    typeof start === 'string' ? (text.startsWith(start) ? text.slice(start.length) : text) : undefined,
  removesuffix: (text, [end]) =>
    typeof end === 'string'
      ? end !== '' && text.endsWith(end)
        ? text.slice(0, -end.length)
        : text
      : undefined,
  split: (text, [by]) => {
    if (by !== undefined && by !== null && (typeof by !== 'string' || by === '')) return undefined
    const parts = typeof by === 'string' ? text.split(by) : text.split(/\s+/).filter((part) => part !== '')
    return sequence('list', parts)
  },
  splitlines: (text) => sequence('list', text.split(/\r\n|\n|\r/)),
  join: (text, [items]) => {
    if (isObject(items, 'native')) return undefined
    const parts = items === undefined ? undefined : iterate(items)
    if (!parts?.every((part) => typeof part === 'string')) return undefined
    const length = parts.reduce((sum, part) => sum + part.length + text.length, 0)
    return length > MAX_TEXT ? undefined : parts.join(text)
  },
  isdigit: (text) => /^\d+$/.test(text),
  expandtabs: (text) => text,
  encode: () => UNKNOWN,
}

const answers = /^(is|starts|ends)/

/** A method of a text; of one that is not known, the type of its result. */
export function textMethod(self: string | PyTyped, name: string, args: CallArguments): PyValue {
  const kind = answers.test(name)
    ? typed('boolean')
    : lists.has(name)
      ? UNKNOWN
      : counts.has(name)
        ? typed('integer')
        : typed('string')
  if (typeof self !== 'string') return kind
  if (name === 'format') return braceFormat(self, args.positional, args.keywords) ?? typed('string')
  const method = Object.hasOwn(methods, name) ? methods[name] : undefined
  return (args.open ? undefined : method?.(self, args.positional)) ?? kind
}

const lists = new Set(['split', 'rsplit', 'splitlines', 'partition', 'rpartition', 'encode'])
const counts = new Set(['find', 'rfind', 'index', 'count'])
