import { type Input, newInput } from '../observed/input.js'
import { fitDefault, learnt, lone, withValue } from '../observed/input-parameter.js'
import { listParameters } from '../observed/list-parameters.js'
import { type WordList, wordList } from '../observed/word-list.js'
import type { Parameter } from '../parameter.js'
import type { Reading } from './reading.js'
import {
  array,
  type CallArguments,
  is,
  type JsNative,
  type JsValue,
  object,
  toJson,
  UNKNOWN,
} from './values.js'

interface ParseArgsOption {
  readonly name: string
  readonly input: Input
  readonly type: string
  readonly short?: string
  readonly multiple: boolean
  readonly default?: unknown
}

/** `util.parseArgs({ … })` */
export function callParseArgs({ values, node, scope }: CallArguments, run: Reading): JsValue {
  const config = is(values[0], 'object') ? values[0].members : new Map<string, JsValue>()
  const declared = config.get('options')
  const options: ParseArgsOption[] = []
  for (const [name, value] of is(declared, 'object') ? declared.members : []) {
    const rules = is(value, 'object') ? value.members : new Map<string, JsValue>()
    const [short, assumed] = [rules.get('short'), toJson(rules.get('default'))?.value]
    options.push({
      ...{ name, multiple: rules.get('multiple') === true },
      input: newInput('flag', scope.file, node.line),
      type: rules.get('type') === 'boolean' ? 'boolean' : 'string',
      ...(typeof short === 'string' ? { short } : {}),
      ...(assumed === undefined ? {} : { default: assumed }),
    })
  }
  const list = wordList('values', 0, 0)
  run.observed.lists.push(list)
  const negative = config.get('allowNegative') === true
  run.observed.parsers.push({
    describe: () => {
      const positional = listParameters(run.observed, list)
      const parameters = [...options.map((option) => parameter(option, negative)), ...positional]
      return parameters.length === 0 ? undefined : { kind: 'parse-args', parameters }
    },
  })
  return object([
    ['values', valuesOf(options)],
    ['positionals', positionals(list)],
    ['tokens', UNKNOWN],
  ])
}

const positionals = (list: WordList): JsValue => ({ kind: 'words', list })

function valuesOf(options: readonly ParseArgsOption[]): JsNative {
  return {
    kind: 'native',
    member: (name) => {
      const option = options.find((one) => one.name === name)
      if (option === undefined) return UNKNOWN
      return option.multiple ? array([UNKNOWN]) : { kind: 'input', input: option.input }
    },
  }
}

function parameter(option: ParseArgsOption, negative: boolean): Parameter {
  const { name, input, multiple } = option
  const flag = `--${name}`
  const shared = { name, file: input.file, line: input.line }
  if (option.type === 'boolean') {
    const assumed = typeof option.default === 'boolean' ? option.default : undefined
    return {
      ...shared,
      ...{ type: 'boolean', required: false },
      ...(multiple ? { list: {} } : {}),
      ...(assumed === undefined ? {} : { default: assumed }),
      places: multiple
        ? [{ ...lone(flag), each: true } as never]
        : [lone(flag), ...(negative ? [lone(`--no-${name}`, false)] : [])],
    }
  }
  if (multiple) {
    return {
      ...shared,
      ...{ type: 'string', required: false, list: {} },
      ...(Array.isArray(option.default) ? { default: option.default } : {}),
      places: [{ ...withValue(flag), each: true } as never],
    }
  }
  const known = learnt(input)
  const type = known.type === undefined || known.type === 'boolean' ? 'string' : known.type
  const assumed = fitDefault(option.default ?? known.default, type)
  return {
    ...shared,
    ...{ type, required: known.required === true && option.default === undefined },
    ...(known.choices === undefined ? {} : { choices: known.choices }),
    ...(assumed === undefined ? {} : { default: assumed }),
    places: [withValue(flag)],
  }
}
