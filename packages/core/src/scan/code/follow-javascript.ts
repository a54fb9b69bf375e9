import type { SyntaxNode } from '../../syntax/syntax-node.js'
import { addReturn, callValue, type Dialect, type Frame, followModule, pour, step } from './follow.js'
import { hasHiddenEscapes, unescapeText } from './follow-python.js'
import { itemsOf, memberOf } from './known-functions.js'
import type { Module, Program } from './program.js'
import {
  concatenate,
  derived,
  pathValue,
  Scope,
  textValue,
  uniteValues,
  unknown,
  type Value,
} from './value.js'

/** Follows a JavaScript or TypeScript file: what its names are, and what flows where. */
export function followJavaScript(module: Module, program: Program): void {
  if (module.state !== 'new') return
  module.scope.set('module', {
    ...unknown,
    entries: new Map([['exports', { ...unknown, entries: new Map() }]]),
  })
  module.scope.set('exports', module.scope.get('module')?.entries?.get('exports') ?? unknown)
  followModule(module, program, javascript)
}

const javascript: Dialect = {
  functions: [
    'function_declaration',
    'function_expression',
    'arrow_function',
    'method_definition',
    'generator_function_declaration',
  ],
  receiver: 'this',
  evaluate,
  parameters: (fn) => {
    const one = fn.field('parameter')
    return one === undefined ? (fn.field('parameters')?.parts ?? []) : [one]
  },
  body: (fn) => fn.field('body'),
  bind,
}

const functions = /^(function_declaration|generator_function_declaration)$/

function evaluate(node: SyntaxNode, frame: Frame): Value {
  if (!step(frame)) return unknown
  switch (node.type) {
    case 'program':
    case 'statement_block':
      for (const child of node.children) {
        const inner = child.type === 'export_statement' ? child.field('declaration') : child
        if (inner !== undefined && functions.test(inner.type))
          frame.scope.set(inner.field('name')?.text ?? '', {
            ...unknown,
            call: { node: inner, scope: frame.scope },
          })
      }
      for (const child of node.parts) if (!functions.test(child.type)) evaluate(child, frame)
      return unknown
    case 'identifier':
    case 'shorthand_property_identifier':
      return frame.scope.get(node.text) ?? pathValue(node.text)
    case 'this':
      return frame.scope.get('this') ?? unknown
    case 'string': {
      const text = unescapeText(node.text.slice(1, -1))
      return { ...textValue(text), decoded: hasHiddenEscapes(node.text) ? ['escapes'] : [] }
    }
    case 'template_string':
      return template(node, frame)
    case 'number':
      return textValue(String(Number(node.text.replaceAll('_', ''))))
    case 'variable_declarator': {
      const [name, value] = [node.field('name'), node.field('value')]
      const given = value === undefined ? unknown : evaluate(value, frame)
      if (name !== undefined) bind(name, given, frame)
      return given
    }
    case 'assignment_expression':
    case 'augmented_assignment_expression': {
      const [left, right] = [node.field('left'), node.field('right')]
      if (left === undefined || right === undefined) return unknown
      const value = evaluate(right, frame)
      const given =
        node.type === 'assignment_expression' ? value : concatenate([evaluate(left, frame), value])
      bind(left, given, frame)
      return given
    }
    case 'call_expression':
    case 'new_expression':
      return call(node, frame)
    case 'member_expression': {
      const [object, property] = [node.field('object'), node.field('property')]
      return object === undefined ? unknown : property_(evaluate(object, frame), property?.text ?? '')
    }
    case 'subscript_expression': {
      const [object, index] = [node.field('object'), node.field('index')]
      if (object === undefined || index === undefined) return unknown
      const value = evaluate(object, frame)
      const key = evaluate(index, frame)
      const found = memberOf(value, key)
      return found.call === undefined || value.path !== undefined
        ? found
        : { ...found, call: { ...found.call, self: value } }
    }
    case 'binary_expression': {
      const [left, right] = [node.field('left'), node.field('right')]
      if (left === undefined || right === undefined) return unknown
      const [a, b] = [evaluate(left, frame), evaluate(right, frame)]
      const operator = node.field('operator')?.text ?? ''
      if (operator === '+') return concatenate([a, b])
      if (operator === '||' || operator === '??' || operator === '&&') return uniteValues(a, b)
      if (operator === '^' && a.texts[0] !== undefined && b.texts[0] !== undefined)
        return { ...textValue(String(Number(a.texts[0]) ^ Number(b.texts[0]))), computed: true }
      if (operator === '-' && a.texts[0] !== undefined && b.texts[0] !== undefined)
        return { ...textValue(String(Number(a.texts[0]) - Number(b.texts[0]))), computed: true }
      return derived(a, b)
    }
    case 'ternary_expression': {
      const [then, otherwise] = [node.field('consequence'), node.field('alternative')]
      const condition = node.field('condition')
      if (condition !== undefined) evaluate(condition, frame)
      return uniteValues(
        then === undefined ? unknown : evaluate(then, frame),
        otherwise === undefined ? unknown : evaluate(otherwise, frame),
      )
    }
    case 'sequence_expression': {
      let value = unknown
      for (const part of node.parts) value = evaluate(part, frame)
      return value
    }
    case 'parenthesized_expression':
    case 'await_expression':
    case 'expression_statement':
    case 'spread_element':
    case 'as_expression':
    case 'satisfies_expression':
    case 'non_null_expression':
    case 'template_substitution':
      return node.parts[0] === undefined ? unknown : evaluate(node.parts[0], frame)
    case 'array':
      return {
        ...unknown,
        items: node.parts.flatMap((part) =>
          part.type === 'spread_element'
            ? (evaluate(part, frame).items ?? [evaluate(part, frame)])
            : [evaluate(part, frame)],
        ),
      }
    case 'object':
      return object(node, frame)
    case 'arrow_function':
    case 'function_expression':
    case 'generator_function':
    case 'method_definition':
      return { ...unknown, call: { node, scope: frame.scope } }
    case 'class_declaration':
    case 'class':
      return classValue(node, frame)
    case 'import_statement':
      importNames(node, frame)
      return unknown
    case 'return_statement': {
      const value = node.parts[0] === undefined ? unknown : evaluate(node.parts[0], frame)
      addReturn(frame, value)
      return value
    }
    case 'for_in_statement': {
      const [left, right, body] = [node.field('left'), node.field('right'), node.field('body')]
      if (left !== undefined && right !== undefined)
        bind(left, itemsOf(asData(evaluate(right, frame))), frame)
      if (body !== undefined) evaluate(body, frame)
      return unknown
    }
    case 'regex':
    case 'type_annotation':
    case 'interface_declaration':
    case 'type_alias_declaration':
      return unknown
    default: {
      let value = unknown
      for (const part of node.parts) value = derived(value, evaluate(part, frame))
      return value
    }
  }
}

/** A value where it is used as data: the environment itself is what it holds. */
function asData(value: Value): Value {
  return value.path === 'process.env' || value.path === 'Bun.env'
    ? { ...unknown, taints: [{ kind: 'environment', what: value.path }] }
    : value
}

function property_(object: Value, name: string): Value {
  const own = object.entries?.get(name)
  if (own !== undefined) return own.call === undefined ? own : { ...own, call: { ...own.call, self: object } }
  if (object.path !== undefined) {
    const found = memberOf({ ...object, texts: [] }, textValue(name))
    return found.path?.endsWith('.default') === true ? { ...found, path: found.path.slice(0, -8) } : found
  }
  return derived(object)
}

function template(node: SyntaxNode, frame: Frame): Value {
  const parts: Value[] = []
  let at = node.start + 1
  for (const child of node.children) {
    if (child.type !== 'template_substitution') continue
    parts.push(textValue(unescapeText(node.source.text.slice(at, child.start))), evaluate(child, frame))
    at = child.end
  }
  parts.push(textValue(unescapeText(node.source.text.slice(at, node.end - 1))))
  const value = concatenate(parts)
  return { ...value, computed: false, decoded: hasHiddenEscapes(node.text) ? ['escapes'] : value.decoded }
}

function object(node: SyntaxNode, frame: Frame): Value {
  const entries = new Map<string, Value>()
  let rest = unknown
  for (const part of node.parts) {
    if (part.type === 'pair') {
      const [key, value] = [part.field('key'), part.field('value')]
      const name =
        key === undefined
          ? undefined
          : key.type === 'computed_property_name' && key.parts[0] !== undefined
            ? evaluate(key.parts[0], frame).texts[0]
            : key.text.replace(/^["']|["']$/g, '')
      const given = value === undefined ? unknown : asData(evaluate(value, frame))
      if (name === undefined) rest = uniteValues(rest, derived(given))
      else entries.set(name, given)
    } else if (part.type === 'spread_element') {
      const value = asData(evaluate(part, frame))
      for (const [key, entry] of value.entries ?? []) entries.set(key, entry)
      rest = derived(rest, { ...value, entries: new Map() })
    } else if (part.type === 'shorthand_property_identifier')
      entries.set(part.text, asData(evaluate(part, frame)))
    else if (part.type === 'method_definition')
      entries.set(part.field('name')?.text ?? '', { ...unknown, call: { node: part, scope: frame.scope } })
  }
  return { ...rest, entries }
}

function classValue(node: SyntaxNode, frame: Frame): Value {
  const entries = new Map<string, Value>()
  const value: Value = { ...unknown, entries }
  const scope = new Scope(frame.scope)
  scope.set('this', value)
  for (const part of node.field('body')?.parts ?? []) {
    const name = (part.field('name') ?? part.field('property'))?.text ?? ''
    if (part.type === 'method_definition') entries.set(name, { ...unknown, call: { node: part, scope } })
    else if (part.field('value') !== undefined)
      entries.set(name, evaluate(part.field('value') as SyntaxNode, { ...frame, scope }))
  }
  const name = node.field('name')?.text
  if (name !== undefined) frame.scope.set(name, value)
  return value
}

function call(node: SyntaxNode, frame: Frame): Value {
  let target = node.field('function') ?? node.field('constructor')
  while (target?.type === 'parenthesized_expression' && target.parts[0] !== undefined)
    target = target.parts[0]
  // (0, eval)('…')
  if (target?.type === 'sequence_expression') target = target.parts.at(-1)
  if (target === undefined) return unknown
  const isMember = target.type === 'member_expression' || target.type === 'subscript_expression'
  const receiverNode = isMember ? target.field('object') : undefined
  const receiver = receiverNode === undefined ? undefined : evaluate(receiverNode, frame)
  const method = target.type === 'member_expression' ? target.field('property')?.text : undefined
  let callee: Value
  if (target.type === 'import') callee = pathValue('import')
  else if (receiver === undefined) callee = evaluate(target, frame)
  else if (method !== undefined) callee = property_(receiver, method)
  else callee = evaluate(target, frame)
  const list = node.field('arguments')
  const nodes = list?.type === 'template_string' ? [list] : (list?.parts ?? [])
  const args = nodes.map((part) => asData(evaluate(part, frame)))
  const named = new Map<string, Value>()
  for (const arg of args)
    for (const [key, value] of arg.entries ?? []) if (!named.has(key)) named.set(key, value)
  if (callee.path === 'require' || callee.path === 'import') {
    const own = args[0]?.texts[0] === undefined ? undefined : moduleValue(args[0].texts[0], frame)
    if (own !== undefined) return own
  }
  if (
    method !== undefined &&
    receiverNode !== undefined &&
    /^(push|unshift|set|append|add|write)$/.test(method) &&
    receiver?.path === undefined
  )
    bind(receiverNode, pour(receiver ?? unknown, args), frame)
  // f.call(thisArg, …) and f.apply(thisArg, […])
  if (
    (method === 'call' || method === 'apply' || method === 'bind') &&
    receiver !== undefined &&
    (receiver.call !== undefined || receiver.path !== undefined) &&
    receiver.path !== 'String.fromCharCode'
  ) {
    const rest = method === 'apply' ? (args[1]?.items ?? []) : args.slice(1)
    return method === 'bind'
      ? receiver
      : callValue(javascript, receiver, node, rest, named, undefined, undefined, frame)
  }
  // [].constructor.constructor('code'), Reflect.construct(Function, […])
  if (
    /\.constructor\.constructor$|^constructor\.constructor$/.test(target.text.slice(-40)) ||
    (method === 'constructor' && /constructor$/.test(receiverNode?.text ?? ''))
  ) {
    return callValue(javascript, pathValue('Function', true), node, args, named, undefined, undefined, frame)
  }
  return callValue(javascript, callee, node, args, named, receiver, method, frame)
}

function bind(pattern: SyntaxNode, value: Value, frame: Frame): void {
  switch (pattern.type) {
    case 'identifier':
    case 'shorthand_property_identifier_pattern':
      frame.scope.set(pattern.text, value)
      return
    case 'required_parameter':
    case 'optional_parameter': {
      const inner = pattern.field('pattern')
      if (inner !== undefined) bind(inner, value, frame)
      return
    }
    case 'assignment_pattern':
    case 'object_assignment_pattern': {
      const left = pattern.field('left')
      if (left !== undefined) bind(left, value, frame)
      return
    }
    case 'rest_pattern':
      if (pattern.parts[0] !== undefined) bind(pattern.parts[0], value, frame)
      return
    case 'array_pattern':
      for (const [index, part] of pattern.parts.entries()) {
        bind(part, value.items?.[index] ?? derived(value), frame)
      }
      return
    case 'object_pattern':
      for (const part of pattern.parts) {
        if (part.type === 'pair_pattern') {
          const target = part.field('value')
          if (target !== undefined) bind(target, property_(value, part.field('key')?.text ?? ''), frame)
        } else if (part.type === 'rest_pattern') bind(part, value, frame)
        else {
          const name =
            part.type === 'object_assignment_pattern' ? (part.field('left')?.text ?? '') : part.text
          frame.scope.set(name, property_(value, name))
        }
      }
      return
    case 'lexical_declaration':
    case 'variable_declaration':
      for (const part of pattern.parts) {
        const name = part.field('name')
        if (name !== undefined) bind(name, value, frame)
      }
      return
    case 'member_expression': {
      const holder = pattern.field('object')
      if (holder === undefined) return
      const held = evaluate(holder, frame)
      held.entries?.set(pattern.field('property')?.text ?? '', value)
      return
    }
    case 'subscript_expression': {
      const [holder, index] = [pattern.field('object'), pattern.field('index')]
      if (holder === undefined || index === undefined) return
      const key = evaluate(index, frame).texts[0]
      if (key !== undefined) evaluate(holder, frame).entries?.set(key, value)
      return
    }
    default:
  }
}

function importNames(node: SyntaxNode, frame: Frame): void {
  const source = node.field('source')?.text.slice(1, -1) ?? ''
  const own = moduleValue(source, frame)
  const path = source.replace(/^node:/, '')
  const whole = own ?? pathValue(path)
  const clause = node.child('import_clause')
  for (const part of clause?.parts ?? []) {
    if (part.type === 'identifier') frame.scope.set(part.text, own?.entries?.get('default') ?? whole)
    else if (part.type === 'namespace_import') frame.scope.set(part.parts[0]?.text ?? '', whole)
    else {
      for (const specifier of part.parts) {
        const name = specifier.field('name')?.text ?? ''
        frame.scope.set(
          specifier.field('alias')?.text ?? name,
          name === 'default' ? whole : property_(whole, name),
        )
      }
    }
  }
}

/** A module of the skill's own, followed first. */
function moduleValue(source: string, frame: Frame): Value | undefined {
  if (!source.startsWith('.')) return undefined
  const wanted = source.replace(/^(\.{1,2}\/)+/, '').replace(/\.(js|mjs|cjs|ts)$/, '')
  for (const [path, module] of frame.program.modules) {
    if (module === frame.module || module.unit.kind === 'python') continue
    const plain = path.replace(/\.(js|mjs|cjs|ts|tsx|jsx)$/, '')
    if (
      plain !== wanted &&
      !plain.endsWith(`/${wanted}`) &&
      plain !== `${wanted}/index` &&
      !plain.endsWith(`/${wanted}/index`)
    )
      continue
    followJavaScript(module, frame.program)
    const entries = new Map(module.scope.names)
    const exported = module.scope.get('module')?.entries?.get('exports')
    if (exported?.call !== undefined) return exported
    for (const [name, value] of exported?.entries ?? []) entries.set(name, value)
    return { ...unknown, entries }
  }
  return undefined
}
