import type { SyntaxNode } from '../../syntax/syntax-node.js'
import { unescapeAnsi } from '../shell/read-shell.js'
import { noteLasting } from './check-call.js'
import { addReturn, callValue, type Dialect, type Frame, followModule, pour, step } from './follow.js'
import { itemsOf, memberOf } from './known-functions.js'
import { type Module, noteAt, type Program } from './program.js'
import { joinPath, reverse } from './text-methods.js'
import {
  concatenate,
  derived,
  mapTexts,
  pathValue,
  Scope,
  textValue,
  uniteValues,
  unknown,
  type Value,
} from './value.js'

/** Follows a Python file: what its names are, and what flows where. */
export function followPython(module: Module, program: Program): void {
  if (module.state !== 'new') return
  followModule(module, program, python)
}

const python: Dialect = {
  functions: ['function_definition', 'lambda'],
  receiver: 'parameter',
  evaluate,
  parameters: (fn) => fn.field('parameters')?.parts.filter(({ type }) => !/separator/.test(type)) ?? [],
  body: (fn) => fn.field('body'),
  bind,
}

function evaluate(node: SyntaxNode, frame: Frame): Value {
  if (!step(frame)) return unknown
  switch (node.type) {
    case 'module':
    case 'block':
      for (const child of node.children)
        if (/^(function|class|decorated)_definition$/.test(child.type)) define(child, frame)
      for (const child of node.parts) if (!/^(function)_definition$/.test(child.type)) evaluate(child, frame)
      return unknown
    case 'identifier':
      return frame.scope.get(node.text) ?? pathValue(node.text)
    case 'string':
      return stringValue(node, frame)
    case 'concatenated_string':
      return { ...concatenate(node.parts.map((part) => evaluate(part, frame))) }
    case 'integer':
    case 'float':
      return textValue(numberText(node.text))
    case 'assignment': {
      const right = node.field('right')
      if (right === undefined) return unknown
      const value = evaluate(right, frame)
      const left = node.field('left')
      if (left !== undefined) bind(left, value, frame)
      return value
    }
    case 'named_expression': {
      const [name, value] = [node.field('name'), node.field('value')]
      const given = value === undefined ? unknown : evaluate(value, frame)
      if (name !== undefined) bind(name, given, frame)
      return given
    }
    case 'augmented_assignment': {
      const [left, right] = [node.field('left'), node.field('right')]
      if (left === undefined || right === undefined) return unknown
      const value = concatenate([evaluate(left, frame), evaluate(right, frame)])
      bind(left, value, frame)
      return value
    }
    case 'call':
      return call(node, frame)
    case 'attribute': {
      const object = node.field('object')
      const name = node.field('attribute')?.text ?? ''
      return object === undefined ? unknown : attribute(evaluate(object, frame), name, frame)
    }
    case 'subscript': {
      const object = node.field('value')
      const index = node.field('subscript')
      if (object === undefined || index === undefined) return unknown
      const value = evaluate(object, frame)
      if (index.type === 'slice') return slice(value, index, frame)
      return memberOf(value, evaluate(index, frame))
    }
    case 'binary_operator': {
      const [left, right] = [node.field('left'), node.field('right')]
      if (left === undefined || right === undefined) return unknown
      const operator = node.field('operator')?.text ?? node.children.find(({ named }) => !named)?.text
      const [a, b] = [evaluate(left, frame), evaluate(right, frame)]
      if (operator === '+')
        return a.items !== undefined && b.items !== undefined
          ? { ...derived(a, b), items: [...a.items, ...b.items] }
          : concatenate([a, b])
      if (operator === '/')
        return a.texts.length > 0 && !/^\d/.test(a.texts[0] ?? '')
          ? { ...joinPath([a, b]), path: 'pathlib.Path' }
          : derived(a, b)
      if (operator === '%') return percent(a, b)
      return arithmetic(operator, a, b)
    }
    case 'list':
    case 'tuple':
    case 'set':
    case 'expression_list':
    case 'pattern_list': {
      const items = node.parts.map((part) => evaluate(part, frame))
      return { ...unknown, items }
    }
    case 'dictionary': {
      const entries = new Map<string, Value>()
      let rest = unknown
      for (const pair of node.parts) {
        const [key, value] = [pair.field('key'), pair.field('value')]
        const given = value === undefined ? evaluate(pair, frame) : evaluate(value, frame)
        const name = key === undefined ? undefined : evaluate(key, frame).texts[0]
        if (name === undefined) rest = uniteValues(rest, derived(given))
        else entries.set(name, given)
      }
      return { ...rest, entries }
    }
    case 'dictionary_splat':
    case 'list_splat':
    case 'parenthesized_expression':
    case 'await':
    case 'expression_statement':
    case 'interpolation': {
      let value = unknown
      for (const part of node.parts) value = evaluate(part, frame)
      if (node.type === 'dictionary_splat' && value.path === 'os.environ') return environmentOf(value)
      return value
    }
    case 'list_comprehension':
    case 'generator_expression':
    case 'set_comprehension':
    case 'dictionary_comprehension':
      return comprehension(node, frame)
    case 'conditional_expression':
    case 'boolean_operator': {
      let value = unknown
      for (const part of node.parts) value = uniteValues(value, evaluate(part, frame))
      return value
    }
    case 'lambda':
      return { ...unknown, call: { node, scope: frame.scope } }
    case 'function_definition':
    case 'class_definition':
    case 'decorated_definition':
      define(node, frame)
      return unknown
    case 'import_statement':
    case 'import_from_statement':
    case 'future_import_statement':
      importNames(node, frame)
      return unknown
    case 'for_statement': {
      const [left, right] = [node.field('left'), node.field('right')]
      if (left !== undefined && right !== undefined) bind(left, itemsOfLoop(evaluate(right, frame)), frame)
      for (const part of [node.field('body'), node.field('alternative')])
        if (part !== undefined) evaluate(part, frame)
      return unknown
    }
    case 'with_item': {
      const value = node.field('value')
      if (value === undefined) return unknown
      if (value.type !== 'as_pattern') return evaluate(value, frame)
      const given = value.parts[0] === undefined ? unknown : evaluate(value.parts[0], frame)
      const target = value.child('as_pattern_target')?.parts[0]
      if (target !== undefined) bind(target, given, frame)
      return given
    }
    case 'return_statement':
    case 'yield': {
      let value = unknown
      for (const part of node.parts) value = evaluate(part, frame)
      addReturn(frame, value)
      return value
    }
    case 'comparison_operator':
    case 'not_operator':
      for (const part of node.parts) evaluate(part, frame)
      return unknown
    default: {
      let value = unknown
      for (const part of node.parts) value = derived(value, evaluate(part, frame))
      return value
    }
  }
}

const environmentOf = (value: Value): Value => ({
  ...value,
  path: undefined as never,
  taints: [{ kind: 'environment', what: 'os.environ' }],
})

/** A value where it is used as data: the environment itself is what it holds. */
function asData(value: Value): Value {
  return value.path === 'os.environ' || value.path === 'os.environb'
    ? { ...unknown, taints: [{ kind: 'environment', what: 'os.environ' }] }
    : value
}

function attribute(object: Value, name: string, _frame: Frame): Value {
  const own = object.entries?.get(name)
  if (own !== undefined)
    return own.call === undefined || object.instance !== true
      ? own
      : { ...own, call: { ...own.call, self: object } }
  if (/^os\.environb?$/.test(object.path ?? '')) return pathValue(`${object.path}.${name}`)
  if (object.path !== undefined)
    return {
      ...memberOf({ ...object, texts: [] }, textValue(name)),
      ...(object.texts.length > 0 && { texts: [] }),
    }
  if (name === 'parent') return mapTexts(object, undefined, (text) => text.replace(/\/[^/]*$/, ''))
  return derived(object)
}

function call(node: SyntaxNode, frame: Frame): Value {
  const target = node.field('function')
  const list = node.field('arguments')
  if (target === undefined) return unknown
  const isMember = target.type === 'attribute'
  const receiverNode = isMember ? target.field('object') : undefined
  const method = isMember ? target.field('attribute')?.text : undefined
  const receiver = receiverNode === undefined ? undefined : evaluate(receiverNode, frame)
  const callee = receiver === undefined ? evaluate(target, frame) : attribute(receiver, method ?? '', frame)
  const args: Value[] = []
  const named = new Map<string, Value>()
  const given = list?.type === 'generator_expression' ? [list] : (list?.parts ?? [])
  for (const part of given) {
    if (part.type === 'keyword_argument') {
      const value = part.field('value')
      named.set(
        part.field('name')?.text ?? '',
        value === undefined ? unknown : asData(evaluate(value, frame)),
      )
    } else if (part.type === 'list_splat') args.push(...(evaluate(part, frame).items ?? [unknown]))
    else args.push(evaluate(part, frame))
  }
  const plain = /^(getattr|vars|dict|sorted|builtins\.getattr)$/.test(callee.path ?? '')
  const data = plain ? args : args.map(asData)
  if (
    method !== undefined &&
    receiverNode !== undefined &&
    /^(append|extend|update|add|write|insert)$/.test(method) &&
    receiver?.path === undefined
  ) {
    bind(receiverNode, pour(receiver ?? unknown, data), frame)
  }
  if (method === 'write' && receiver?.path === 'file-to-write') {
    noteLasting({ ...receiver }, { program: frame.program, unit: frame.module.unit, node, args: data, named })
  }
  const result = callValue(python, callee, node, data, named, receiver, method, frame)
  return /^(dict)$/.test(callee.path ?? '') && args[0]?.path === 'os.environ'
    ? environmentOf(args[0])
    : result
}

function bind(pattern: SyntaxNode, value: Value, frame: Frame): void {
  switch (pattern.type) {
    case 'identifier':
      frame.scope.set(pattern.text, value)
      return
    case 'typed_parameter':
    case 'default_parameter':
    case 'typed_default_parameter':
    case 'list_splat_pattern':
    case 'dictionary_splat_pattern': {
      const name = pattern.field('name') ?? pattern.parts[0]
      if (name !== undefined) bind(name, value, frame)
      return
    }
    case 'pattern_list':
    case 'tuple_pattern':
    case 'list_pattern':
    case 'tuple':
    case 'list':
      for (const [index, part] of pattern.parts.entries()) {
        bind(part, value.items?.[index] ?? derived(value), frame)
      }
      return
    case 'attribute': {
      const object = pattern.field('object')
      const name = pattern.field('attribute')?.text ?? ''
      if (object === undefined) return
      const holder = evaluate(object, frame)
      holder.entries?.set(name, value)
      if (/^(builtins|__builtins__)$/.test(holder.path ?? '')) noteHook(pattern, frame)
      return
    }
    case 'subscript': {
      const object = pattern.field('value')
      const index = pattern.field('subscript')
      if (object === undefined || index === undefined) return
      const holder = evaluate(object, frame)
      const key = evaluate(index, frame).texts[0]
      if (key !== undefined && holder.entries !== undefined) holder.entries.set(key, value)
      if (holder.path === 'os.environ' && /^(LD_PRELOAD|DYLD_INSERT_LIBRARIES)$/.test(key ?? '')) {
        noteAt(
          { program: frame.program, unit: frame.module.unit, node: pattern, args: [], named: new Map() },
          'preload-variable',
          pattern.text,
        )
      }
      return
    }
    default:
  }
}

function noteHook(node: SyntaxNode, frame: Frame): void {
  noteAt(
    { program: frame.program, unit: frame.module.unit, node, args: [], named: new Map() },
    'import-hook',
    node.text,
  )
}

function define(node: SyntaxNode, frame: Frame): void {
  if (node.type === 'decorated_definition') {
    const inner = node.field('definition')
    if (inner !== undefined) define(inner, frame)
    return
  }
  const name = node.field('name')?.text ?? ''
  if (node.type === 'function_definition') {
    frame.scope.set(name, { ...unknown, call: { node, scope: frame.scope } })
    return
  }
  const entries = new Map<string, Value>()
  const scope = new Scope(frame.scope)
  const body = node.field('body')
  const bases = node.field('superclasses')?.parts ?? []
  if (body !== undefined) {
    for (const part of body.parts) {
      const inner = part.type === 'decorated_definition' ? part.field('definition') : part
      if (inner?.type === 'function_definition')
        entries.set(inner.field('name')?.text ?? '', { ...unknown, call: { node: inner, scope } })
      else evaluate(part, { ...frame, scope })
    }
    for (const [key, value] of scope.names) entries.set(key, value)
  }
  void bases
  frame.scope.set(name, { ...unknown, entries, instance: true })
}

function importNames(node: SyntaxNode, frame: Frame): void {
  const from = node.type === 'import_from_statement' ? (node.field('module_name')?.text ?? '') : undefined
  const bindName = (name: string, alias: string | undefined): void => {
    if (from === undefined) {
      const value =
        moduleValue(name, frame) ?? pathValue(alias === undefined ? (name.split('.')[0] ?? name) : name)
      frame.scope.set(alias ?? name.split('.')[0] ?? name, value)
      return
    }
    const own = moduleValue(from, frame)?.entries?.get(name) ?? moduleValue(`${from}.${name}`, frame)
    frame.scope.set(alias ?? name, own ?? pathValue(`${from.replace(/^\.+/, '')}.${name}`))
  }
  for (const part of node.fields('name')) {
    if (part.type === 'aliased_import') bindName(part.field('name')?.text ?? '', part.field('alias')?.text)
    else bindName(part.text, undefined)
  }
  if (node.child('wildcard_import') !== undefined && from !== undefined) {
    const own = moduleValue(from, frame)
    if (own?.entries !== undefined) for (const [name, value] of own.entries) frame.scope.set(name, value)
    else for (const name of wildcard[from] ?? []) frame.scope.set(name, pathValue(`${from}.${name}`))
  }
}

const wildcard: Readonly<Record<string, readonly string[]>> = {
  os: ['system', 'popen', 'environ', 'getenv', 'dup2', 'execv', 'listdir', 'remove'],
  subprocess: ['run', 'call', 'Popen', 'check_output', 'check_call', 'getoutput'],
  socket: ['socket', 'create_connection', 'gethostbyname'],
  base64: ['b64decode', 'urlsafe_b64decode'],
  'urllib.request': ['urlopen', 'Request', 'urlretrieve'],
  pathlib: ['Path'],
}

/** A module of the skill's own, followed first. */
function moduleValue(name: string, frame: Frame): Value | undefined {
  const parts = name.replace(/^\.+/, '').split('.').join('/')
  if (parts === '') return undefined
  for (const [path, module] of frame.program.modules) {
    if (module.unit.kind !== 'python' || module === frame.module) continue
    if (
      path !== `${parts}.py` &&
      !path.endsWith(`/${parts}.py`) &&
      path !== `${parts}/__init__.py` &&
      !path.endsWith(`/${parts}/__init__.py`)
    )
      continue
    followPython(module, frame.program)
    return { ...unknown, entries: module.scope.names }
  }
  return undefined
}

function stringValue(node: SyntaxNode, frame: Frame): Value {
  const start = node.child('string_start')?.text ?? ''
  const raw = /r/i.test(start)
  const parts: Value[] = []
  let substituted = false
  for (const child of node.children) {
    if (child.type === 'string_content') parts.push(textValue(raw ? child.text : unescapeText(child.text)))
    else if (child.type === 'interpolation') {
      substituted = true
      parts.push(evaluate(child, frame))
    }
  }
  if (parts.length === 0) return textValue('')
  const value = concatenate(parts)
  const hidden = !raw && hasHiddenEscapes(node.text)
  return {
    ...value,
    computed: substituted && parts.every((part) => part.texts.length > 0) && parts.length > 1,
    decoded: hidden ? ['escapes'] : value.decoded,
  }
}

/** Whether a literal writes ordinary letters as escapes. */
export function hasHiddenEscapes(source: string): boolean {
  const found = source.match(/\\x[2-7][0-9a-fA-F]|\\u00[2-7][0-9a-fA-F]|\\1[0-7]{2}/g)
  return found !== null && found.length >= 6
}

export function unescapeText(text: string): string {
  return text.includes('\\')
    ? unescapeAnsi(
        text
          .replace(/\\\r?\n/g, '')
          .replace(/\\u\{([0-9a-fA-F]{1,6})\}/g, (_all, code: string) =>
            String.fromCodePoint(Math.min(Number.parseInt(code, 16), 0x10ffff)),
          ),
      )
    : text
}

function numberText(text: string): string {
  const number = Number(text.replaceAll('_', ''))
  return Number.isNaN(number)
    ? text
    : /^0[xob]/i.test(text) && number < 4096 && /^0o/i.test(text)
      ? text
      : String(number)
}

function slice(value: Value, index: SyntaxNode, frame: Frame): Value {
  const bounds = index.text.replace(/\s/g, '').split(':')
  if (bounds[2] === '-1') return reverse(value)
  const numbers = bounds.map((bound) => (bound === '' ? undefined : Number(bound)))
  void frame
  if (numbers.some((number) => number !== undefined && Number.isNaN(number)))
    return { ...value, computed: true }
  const [from, to, by] = numbers
  if (value.items !== undefined)
    return { ...value, items: value.items.slice(from, to).filter((_, at) => at % (by ?? 1) === 0) }
  return mapTexts(value, by !== undefined && by > 1 ? 'every nth letter' : undefined, (text) =>
    by === undefined || by < 2
      ? text.slice(from, to)
      : [...text.slice(from, to)].filter((_, at) => at % by === 0).join(''),
  )
}

function percent(template: Value, given: Value): Value {
  const text = template.texts[0]
  if (text === undefined) return derived(template, given)
  const items = given.items ?? [given]
  const pieces = text.split(/%[sdrx]/)
  return concatenate(
    pieces.flatMap((piece, index) =>
      index === 0 ? [textValue(piece)] : [items[index - 1] ?? unknown, textValue(piece)],
    ),
  )
}

function arithmetic(operator: string | undefined, a: Value, b: Value): Value {
  const [left, right] = [Number(a.texts[0]), Number(b.texts[0])]
  if (a.texts.length === 0 || b.texts.length === 0) return derived(a, b)
  if (operator === '*' && Number.isNaN(left) && right >= 0 && right < 1_000)
    return mapTexts(a, undefined, (text) => (text.length * right > 100_000 ? text : text.repeat(right)))
  if (Number.isNaN(left) || Number.isNaN(right)) return derived(a, b)
  const results: Readonly<Record<string, number>> = {
    '-': left - right,
    '*': left * right,
    '^': left ^ right,
    '&': left & right,
    '|': left | right,
    '<<': left << right,
    '>>': left >> right,
  }
  const result = results[operator ?? '']
  return result === undefined ? derived(a, b) : { ...textValue(String(result)), computed: true }
}

const maxLoop = 2_000

function comprehension(node: SyntaxNode, frame: Frame): Value {
  const scope = new Scope(frame.scope)
  const inner = { ...frame, scope }
  const clause = node.child('for_in_clause')
  const [left, right] = [clause?.field('left'), clause?.field('right')]
  const body = node.field('body') ?? node.parts[0]
  if (left === undefined || right === undefined || body === undefined) return unknown
  const source = evaluate(right, inner)
  const list =
    source.items ??
    (source.texts[0] !== undefined && source.path === undefined && source.texts[0].length <= maxLoop
      ? [...source.texts[0]].map(textValue)
      : undefined)
  if (list !== undefined && list.length <= maxLoop && node.type !== 'dictionary_comprehension') {
    const items = list.map((item) => {
      bind(left, item, inner)
      return evaluate(body, inner)
    })
    return { ...derived(source), items }
  }
  bind(left, itemsOfLoop(asData(source)), inner)
  const value = evaluate(body, inner)
  for (const part of body.parts) evaluate(part, inner)
  return derived(value, asData(source), ...body.parts.map((part) => evaluate(part, inner)))
}

function itemsOfLoop(value: Value): Value {
  const data = asData(value)
  return data.items === undefined
    ? { ...derived(data), ...(data.path === 'pathlib.Path' && { path: 'pathlib.Path' }) }
    : itemsOf(data)
}
