import { pathText } from './json-value.js'
import { MAX_TEXT } from './operators.js'
import { isObject, member, type PyValue } from './values.js'

/** `str(value)`; nothing where it cannot be known. */
export function textOf(value: PyValue): string | undefined {
  if (typeof value === 'string') return value
  if (typeof value === 'number') return String(value)
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (value === null) return 'None'
  if (isObject(value, 'float')) return floatText(value.value)
  if (isObject(value, 'list', 'tuple', 'set')) {
    const items = value.items.map(representation)
    if (items.includes(undefined)) return undefined
    const inner = items.join(', ')
    if (value.kind === 'list') return `[${inner}]`
    if (value.kind === 'set') return `{${inner}}`
    return items.length === 1 ? `(${inner},)` : `(${inner})`
  }
  return pathText(value)
}

/** `repr(value)`. */
export function representation(value: PyValue): string | undefined {
  if (typeof value !== 'string') return textOf(value)
  const quotes = value.includes("'") && !value.includes('"') ? '"' : "'"
  const escaped = value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')
  return quotes + (quotes === "'" ? escaped.replaceAll("'", "\\'") : escaped) + quotes
}

function floatText(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf'
  const size = Math.abs(value)
  if (size !== 0 && (size >= 1e16 || size < 1e-4)) {
    return value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2')
  }
  return Number.isInteger(value) ? `${value}.0` : String(value)
}

/** `'…%s…' % value`; nothing where it, or how it is to be shown, cannot be known. */
export function percentFormat(template: string, value: PyValue): string | undefined {
  const values = isObject(value, 'tuple') ? value.items : [value]
  let next = 0
  let failed = false
  let room = MAX_TEXT
  const text = template.replace(
    /%(?:\((\w+)\))?([-+ #0]*\d*(?:\.\d+)?)([diouxXeEfFgGcrsa%])/g,
    (_, name, flags, kind) => {
      if (kind === '%') return '%'
      const given =
        name === undefined ? values[next++] : isObject(value, 'dict') ? member(value, name) : undefined
      const shown =
        given === undefined || failed ? undefined : kind === 'r' ? representation(given) : textOf(given)
      room -= shown?.length ?? 0
      if (shown === undefined || room < 0 || (flags !== '' && kind !== 's')) failed = true
      return failed ? '' : (shown ?? '')
    },
  )
  return failed ? undefined : text
}

/** `'…{}…'.format(…)`. */
export function braceFormat(
  template: string,
  positional: readonly PyValue[],
  keywords: ReadonlyMap<string, PyValue>,
): string | undefined {
  let next = 0
  let failed = false
  let room = MAX_TEXT
  const text = template.replace(
    /\{\{|\}\}|\{(\w*)(![rsa])?(:[^{}]*)?\}/g,
    (whole, name, conversion, format) => {
      if (whole === '{{' || whole === '}}') return whole.charAt(0)
      const given =
        name === '' ? positional[next++] : /^\d+$/.test(name) ? positional[Number(name)] : keywords.get(name)
      const shown =
        given === undefined ? undefined : conversion === '!r' ? representation(given) : textOf(given)
      room -= shown?.length ?? 0
      if (shown === undefined || room < 0 || (format !== undefined && format !== ':')) failed = true
      return failed ? '' : (shown ?? '')
    },
  )
  return failed ? undefined : text
}
