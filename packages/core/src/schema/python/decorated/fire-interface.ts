import type { Parameter, ParameterLevel, ScriptInterface } from '../../parameter.js'
import { functionText } from '../function-text.js'
import { parametersOf } from '../make-function.js'
import { type CallArguments, isObject, type PyFunction, type PyScope, type PyValue } from '../values.js'
import { signatureParameters } from './signature-parameters.js'

/** What a script takes that hands a function, a class or a dictionary of them to `fire.Fire`. */
export function fireInterface(args: CallArguments, scope: PyScope): ScriptInterface | undefined {
  const target = args.positional[0] ?? args.keywords.get('component')
  const level = target === undefined || target === null ? moduleLevel(scope, args) : targetLevel(target, args)
  if (level === undefined) return undefined
  const description = isObject(target, 'function') ? functionText(target) : undefined
  return { kind: 'fire', ...(description === undefined ? {} : { description }), ...level }
}

function targetLevel(target: PyValue, args: CallArguments): ParameterLevel | undefined {
  if (isObject(target, 'function')) return functionLevel(target)
  const type = isObject(target, 'class') ? target : isObject(target, 'instance') ? target.type : undefined
  if (type !== undefined) {
    const init = type.members.get('__init__')
    const own = isObject(target, 'class') && isObject(init, 'function') ? functionLevel(init).parameters : []
    const methods = [...type.members].flatMap(([name, value]) =>
      isObject(value, 'function') && !name.startsWith('_') ? [[name, value] as const] : [],
    )
    return withCommands(own, methods, args)
  }
  if (!isObject(target, 'dict')) return undefined
  const members = [...target.entries.values()].flatMap(([name, value]) =>
    typeof name === 'string' && isObject(value, 'function') ? [[name, value] as const] : [],
  )
  return withCommands([], members, args)
}

function moduleLevel(scope: PyScope, args: CallArguments): ParameterLevel | undefined {
  const functions = [...scope.names].flatMap(([name, value]) =>
    isObject(value, 'function') && !name.startsWith('_') ? [[name, value] as const] : [],
  )
  return withCommands([], functions, args)
}

function withCommands(
  parameters: readonly Parameter[],
  functions: readonly (readonly [string, PyFunction])[],
  { file, node }: CallArguments,
): ParameterLevel | undefined {
  if (functions.length === 0) return undefined
  const choices = functions.map(([command, fn]) => {
    const description = functionText(fn)
    return { command, ...(description === undefined ? {} : { description }), ...functionLevel(fn) }
  })
  return { parameters, commands: { name: 'command', required: true, file, line: node.line, choices } }
}

function functionLevel(fn: PyFunction): ParameterLevel {
  const parameters = signatureParameters(fn).map(
    ({ parameter: _, fallback: __, ...parameter }): Parameter => ({
      ...parameter,
      // fire reads each value as Python, so texts are quoted: "5" stays a text.
      places: [
        { kind: 'flag', flag: `--${parameter.name}`, takes: 'one', form: 'joined', encoding: 'python' },
      ],
      ...(parameter.list === undefined ? {} : { list: {} }),
    }),
  )
  const rest = parametersOf(fn.node).find(({ kind }) => kind === 'rest')
  if (rest === undefined) return { parameters }
  const { file } = fn
  const words: Parameter = {
    ...{ name: rest.name, type: 'any', list: {}, required: false, file, line: rest.node.line },
    places: [{ kind: 'positional', takes: 'many', encoding: 'python' }],
  }
  return { parameters: [...parameters, words] }
}
