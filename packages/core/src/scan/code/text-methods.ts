import { decodeBase64, decodeHex, inflate } from '../text/decode.js'
import { concatenate, derived, mapTexts, textValue, uniteWords, unknown, type Value } from './value.js'

/** What a method of a text or list gives, for the methods that build or decode texts; undefined for others. */
export function textMethod(receiver: Value, name: string, args: readonly Value[]): Value | undefined {
  const first = args[0]
  switch (name) {
    case 'join': {
      // Python: separator.join(list); JavaScript: list.join(separator)
      const list = receiver.items ?? first?.items
      const separator = receiver.items === undefined ? receiver : (first ?? textValue(','))
      if (list === undefined && first !== undefined && first.texts.length > 0 && receiver.texts[0] === '')
        return { ...first, computed: true }
      if (list === undefined)
        return first === undefined
          ? undefined
          : { ...derived(receiver, first), decoded: uniteWords(receiver.decoded, first.decoded) }
      const parts = list.flatMap((item, index) =>
        index === 0 || separator.texts[0] === '' ? [item] : [separator, item],
      )
      const joined = concatenate(parts.slice(0, 20_000))
      return { ...joined, computed: true, decoded: uniteWords(receiver.decoded, joined.decoded) }
    }
    case 'split':
      if (receiver.texts[0] === undefined) return derived(receiver)
      return {
        ...unknown,
        taints: receiver.taints,
        items: (first?.texts[0] === ''
          ? [...receiver.texts[0]]
          : receiver.texts[0].split(first?.texts[0] ?? ' ')
        )
          .slice(0, 20_000)
          .map(textValue),
      }
    case 'reverse':
    case 'reversed':
      return reverse(receiver)
    case 'replace':
    case 'replaceAll': {
      const [from, to] = [first?.texts[0], args[1]?.texts[0]]
      if (from === undefined || to === undefined || from === '') return { ...receiver, computed: true }
      return mapTexts(receiver, undefined, (text) => text.split(from).join(to))
    }
    case 'decode':
    case 'encode':
      if (first?.texts[0] === 'hex' || first?.texts[0] === 'rot13' || first?.texts[0] === 'base64')
        return decodeAs(receiver, first.texts[0])
      return receiver
    case 'toString':
    case 'strip':
    case 'trim':
    case 'rstrip':
    case 'lstrip':
    case 'valueOf':
    case 'read':
    case 'readlines':
    case 'text':
    case 'as_posix':
    case 'absolute':
    case 'resolve':
    case 'expanduser':
    case 'concat': {
      if (name === 'concat' && first !== undefined && receiver.items === undefined)
        return concatenate([receiver, ...args])
      return receiver
    }
    case 'lower':
    case 'toLowerCase':
      return mapTexts(receiver, undefined, (text) => text.toLowerCase())
    case 'upper':
    case 'toUpperCase':
      return mapTexts(receiver, undefined, (text) => text.toUpperCase())
    case 'format': {
      const template = receiver.texts[0]
      if (template === undefined) return undefined
      const pieces = template.split(/\{[^{}]{0,30}\}/)
      return concatenate(
        pieces.flatMap((piece, index) =>
          index === 0 ? [textValue(piece)] : [args[index - 1] ?? unknown, textValue(piece)],
        ),
      )
    }
    case 'map':
      return receiver.items === undefined ? derived(receiver) : undefined
    case 'joinpath':
      return joinPath([receiver, ...args])
    case 'with_name':
      return mapTexts(receiver, undefined, (text) => `${text.replace(/[^/]*$/, '')}${first?.texts[0] ?? '…'}`)
    case 'slice':
    case 'substring':
    case 'substr': {
      const [from, to] = [Number(first?.texts[0]), Number(args[1]?.texts[0])]
      if (Number.isNaN(from)) return { ...receiver, computed: true }
      return mapTexts(receiver, undefined, (text) =>
        name === 'substr' && !Number.isNaN(to)
          ? text.substr(from, to)
          : text.slice(from, Number.isNaN(to) ? undefined : to),
      )
    }
    default:
      return undefined
  }
}

export function reverse(value: Value): Value {
  if (value.items !== undefined)
    return { ...value, items: [...value.items].reverse(), decoded: uniteWords(value.decoded, ['reversed']) }
  return mapTexts(value, 'reversed', (text) => [...text].reverse().join(''))
}

/** Paths after each other, with a slash between; an absolute one begins anew. */
export function joinPath(parts: readonly Value[]): Value {
  const pieces = parts.flatMap((part, index) => (index === 0 ? [part] : [textValue('/'), part]))
  const joined = concatenate(pieces)
  return {
    ...joined,
    computed: false,
    texts: joined.texts.map((text) => text.replace(/\/{2,}/g, '/').replace(/^.*\/(?=~\/)/, '')),
  }
}

/** Decodes texts by the name of an encoding. */
export function decodeAs(value: Value, encoding: string): Value {
  switch (encoding) {
    case 'base64':
    case 'base64url':
      return mapTexts(value, 'base64', decodeBase64)
    case 'hex':
      return mapTexts(value, 'hexadecimal', decodeHex)
    case 'rot13':
    case 'rot_13':
      return mapTexts(value, 'rot13', (text) =>
        text.replace(/[a-z]/gi, (letter) => {
          const base = letter <= 'Z' ? 65 : 97
          return String.fromCharCode(((letter.charCodeAt(0) - base + 13) % 26) + base)
        }),
      )
    case 'url':
      return mapTexts(value, 'URL', (text) => {
        try {
          return decodeURIComponent(text)
        } catch {
          return text
        }
      })
    case 'base32':
    case 'base85':
    case 'marshal':
      return { ...derived(value), decoded: uniteWords(value.decoded, [encoding]) }
    default:
      return value
  }
}

/** Decompresses texts that hold bytes, one a character. */
export function inflateValue(value: Value): Value {
  return mapTexts(
    value,
    'compressed',
    (text) => inflate(Buffer.from(text, 'latin1')) ?? inflate(Buffer.from(text, 'utf8')),
  )
}

/** Characters by their numbers. */
export function fromNumbers(items: readonly Value[]): Value {
  let text = ''
  for (const item of items.slice(0, 100_000)) {
    const number = Number(item.texts[0])
    if (!Number.isFinite(number)) return derived(...items)
    text += String.fromCharCode(number & 0xffff)
  }
  return { ...textValue(text), computed: true, decoded: ['character codes'] }
}
