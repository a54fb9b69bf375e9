import type { SyntaxNode } from '../../../syntax/syntax-node.js'
import type { Parameter, ParameterLevel, Place, ScriptInterface } from '../../parameter.js'
import { jsonDefault } from '../argparse/action-default.js'
import { evaluate } from '../evaluate.js'
import { functionText } from '../function-text.js'
import type { Interpreter } from '../interpreter.js'
import { enumMembers, isEnum } from '../iterate.js'
import { toJson } from '../json-value.js'
import { type FunctionParameter, parametersOf } from '../make-function.js'
import {
  type CallArguments,
  isObject,
  type PyFunction,
  type PyMade,
  type PyScope,
  type PyValue,
} from '../values.js'
import { signatureParameter } from './signature-parameters.js'
import { pathType } from './value-type.js'

type Call = { readonly path: string; readonly args: CallArguments }

/** What a script takes whose functions are typer commands. */
export function typerInterface(
  scopes: readonly PyScope[],
  calls: readonly Call[],
  run: Interpreter,
): ScriptInterface | undefined {
  const single = calls.find(({ path }) => path === 'typer.run')?.args.positional[0]
  if (isObject(single, 'function'))
    return { kind: 'typer', ...described(single), ...functionLevel(single, run) }
  const functions = scopes.flatMap((scope) =>
    [...scope.names.values()].filter((value) => isObject(value, 'function')),
  )
  const unique = functions.filter(
    (fn, index) => functions.findIndex(({ node }) => node === fn.node) === index,
  )
  const commands = unique.flatMap((fn) => commandOf(fn, 'command'))
  const callback = unique.flatMap((fn) => commandOf(fn, 'callback'))[0]
  const [first] = commands
  if (first === undefined) return undefined
  if (commands.length === 1 && callback === undefined) {
    return { kind: 'typer', ...described(first.fn), ...functionLevel(first.fn, run) }
  }
  const { file, node } = first.fn
  const choices = commands.map(({ fn, name }) => ({
    command: name,
    ...described(fn),
    ...functionLevel(fn, run),
  }))
  const own = callback === undefined ? [] : functionLevel(callback.fn, run).parameters
  return {
    kind: 'typer',
    parameters: own,
    commands: { name: 'command', required: true, file, line: node.line, choices },
  }
}

function commandOf(fn: PyFunction, method: string): { readonly fn: PyFunction; readonly name: string }[] {
  for (const decorator of fn.decorators) {
    if (!isObject(decorator, 'made') || decorator.path !== `typer.Typer.${method}`) continue
    const given = decorator.args.positional[0] ?? decorator.args.keywords.get('name')
    return [{ fn, name: typeof given === 'string' ? given : fn.name.replaceAll('_', '-').toLowerCase() }]
  }
  return []
}

function described(fn: PyFunction): { description?: string } {
  const description = functionText(fn)
  return description === undefined ? {} : { description }
}

function functionLevel(fn: PyFunction, run: Interpreter): ParameterLevel {
  const parameters = parametersOf(fn.node).filter(
    ({ kind, annotation }) =>
      (kind === 'normal' || kind === 'keyword-only') && !/\bContext$/.test(annotation?.text ?? ''),
  )
  return { parameters: parameters.map((parameter) => typerParameter(fn, parameter, run)) }
}

/** `Annotated[str, typer.Option(…)]`: the type, and what typer is told of it. */
function annotatedWith(annotation: SyntaxNode | undefined, fn: PyFunction, run: Interpreter) {
  const generic = annotation?.type === 'type' ? annotation.parts[0] : annotation
  const [head, ...rest] = generic?.parts ?? []
  if (!/(^|\.)Annotated$/.test(head?.text ?? '')) return { annotation, marker: undefined }
  const parts = rest.flatMap((part) => (part.type === 'type_parameter' ? part.parts : [part]))
  const calls = parts
    .slice(1)
    .map((part) => evaluate(part.type === 'type' ? part.parts[0] : part, fn.scope, run))
  return { annotation: parts[0], marker: calls.find(isMarker) }
}

const isMarker = (value: PyValue | undefined): value is PyMade =>
  isObject(value, 'made') && /(^|\.)typer\.(Option|Argument)$/.test(value.path)

function typerParameter(fn: PyFunction, parameter: FunctionParameter, run: Interpreter): Parameter {
  const given = fn.defaults.get(parameter.name)
  const { annotation, marker: inType } = annotatedWith(parameter.annotation, fn, run)
  const marker = isMarker(given) ? given : inType
  const fallback = isMarker(given) ? markedDefault(given) : given
  const type =
    annotation === undefined
      ? undefined
      : evaluate(annotation.type === 'type' ? annotation.parts[0] : annotation, fn.scope, run)
  const base = signatureParameter({ ...parameter, annotation }, fallback, fn)
  const { parameter: _, fallback: __, ...plain } = base
  const choices = isObject(type, 'class') && isEnum(type) ? enumValues(type) : plain.choices
  const kind = {
    type: plain.type === 'any' ? ('string' as const) : plain.type,
    ...(choices === undefined ? {} : { choices }),
    ...(plain.list === undefined ? {} : { list: plain.list }),
  }
  const value = jsonDefault(fallback, kind)
  const help = marker?.args.keywords.get('help')
  const isArgument = marker === undefined ? fallback === undefined : marker.path.endsWith('Argument')
  return {
    ...plain,
    ...kind,
    ...(value === undefined ? {} : { default: value }),
    ...(typeof help === 'string' ? { description: help } : {}),
    places: (isArgument
      ? [
          {
            kind: 'positional' as const,
            takes: kind.list === undefined ? ('one' as const) : ('many' as const),
          },
        ]
      : optionPlaces(plain.name, kind, marker)
    ).map((place) => ({ ...place, ...pathType(type) })),
  }
}

/** `typer.Option(5, …)`; `...` means that it must be given. */
function markedDefault({ args }: PyMade): PyValue | undefined {
  const [node] = args.node.field('arguments')?.parts ?? []
  if (node?.type === 'ellipsis') return undefined
  const [first] = args.positional
  return (
    args.keywords.get('default') ?? (typeof first === 'string' && first.startsWith('-') ? undefined : first)
  )
}

function enumValues(type: Extract<PyValue, { readonly kind: 'class' }>): unknown[] {
  return (enumMembers(type) ?? []).flatMap((member) => {
    const value = isObject(member, 'instance') ? member.members.get('value') : undefined
    return value === undefined ? [] : [toJson(value)?.value]
  })
}

function optionPlaces(
  name: string,
  { type, list }: Pick<Parameter, 'type' | 'list'>,
  marker: PyMade | undefined,
): Place[] {
  const given = (marker?.args.positional ?? []).filter(
    (text) => typeof text === 'string' && text.startsWith('-'),
  )
  const spelled =
    given.find((text) => String(text).startsWith('--')) ?? given[0] ?? `--${name.replaceAll('_', '-')}`
  const [flag = '', off] = String(spelled).split('/')
  const place = { kind: 'flag', flag, form: 'auto' } as const
  if (type !== 'boolean' || list !== undefined)
    return [{ ...place, takes: 'one', ...(list === undefined ? {} : { each: true }) }]
  const opposite = off ?? (given.length === 0 ? flag.replace(/^--/, '--no-') : undefined)
  return [
    { ...place, takes: 'nothing', when: true },
    ...(opposite === undefined ? [] : [{ ...place, flag: opposite, takes: 'nothing', when: false } as const]),
  ]
}
