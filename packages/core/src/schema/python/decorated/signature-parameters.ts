import type { Parameter } from '../../parameter.js'
import { annotationType } from '../annotation-type.js'
import { jsonDefault } from '../argparse/action-default.js'
import { type FunctionParameter, parametersOf } from '../make-function.js'
import { typeOfValue } from '../operators.js'
import type { PyFunction, PyValue } from '../values.js'
import { isSequence } from '../values.js'

/** A parameter of a function, as JSON sees it; its place on the line is up to the style. */
export type SignatureParameter = Omit<Parameter, 'places'> & {
  readonly parameter: FunctionParameter
  readonly fallback: PyValue | undefined
}

/** The parameters of a function with their types (from annotation or default) and defaults. */
export function signatureParameters(fn: PyFunction): SignatureParameter[] {
  return parametersOf(fn.node)
    .filter(({ name, kind }) => kind !== 'keywords' && kind !== 'rest' && name !== 'self' && name !== 'cls')
    .map((parameter) => {
      const fallback = fn.defaults.get(parameter.name)
      return signatureParameter(parameter, fallback, fn)
    })
}

export function signatureParameter(
  parameter: FunctionParameter,
  fallback: PyValue | undefined,
  { file }: Pick<PyFunction, 'file'>,
): SignatureParameter {
  const said = annotationType(parameter.annotation)
  const guessed = fallback === undefined || fallback === null ? undefined : typeOfValue(fallback)
  const isList = said.list === true || (said.type === 'any' && isSequence(fallback))
  const items = isSequence(fallback) ? typeOfValue(fallback.items[0] ?? null) : undefined
  const type = said.type !== 'any' ? said.type : isList ? (items ?? 'any') : (guessed ?? 'any')
  const kind = {
    type,
    ...(said.choices === undefined ? {} : { choices: said.choices }),
    ...(isList ? { list: {} } : {}),
  }
  const value = jsonDefault(fallback, kind)
  return {
    name: parameter.name,
    ...kind,
    ...(value === undefined ? {} : { default: value }),
    required: fallback === undefined,
    ...{ file, line: parameter.node.line, parameter, fallback },
  }
}
