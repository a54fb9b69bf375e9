import type { ErrorObject, FormatDefinition, ValidateFunction } from 'ajv'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats, { type FormatName } from 'ajv-formats'
import type { ArgumentProblem, Fault } from './argument-problem.js'
import { isKnownDialect, tooLong } from './dialect.js'
import { guarded, TookTooLong } from './guarded.js'
import type { ArgumentCheck } from './plain-schema.js'

/** Time for compiling a schema, and again for each check. */
const BUDGET_MS = 1_000
/** Worst-case cost of the formats' expressions grows with the square of the length. */
const MAX_FORMAT_LENGTH = 8_192

export type FullCheck =
  | { readonly kind: 'ok'; readonly check: ArgumentCheck }
  | { readonly kind: 'invalid'; readonly problem: string }

/** Knows the language of schemas and never sees one compiled; its own start costs most of a compilation. */
let dialects: Ajv2020 | undefined

/** Checks a schema against JSON Schema 2020-12 and compiles it. Loads the validator, so it is imported lazily. */
export function compileFully(schema: Readonly<Record<string, unknown>>): FullCheck {
  const { $schema: dialect, $id: _id, ...rest } = schema
  if (dialect !== undefined && !isKnownDialect(dialect)) {
    return { kind: 'invalid', problem: `$schema ${JSON.stringify(dialect)} is not a known dialect` }
  }
  try {
    return guarded(BUDGET_MS, () => {
      dialects ??= new Ajv2020({ strict: false, allErrors: true, logger: false })
      if (dialects.validateSchema(rest) !== true) {
        return { kind: 'invalid', problem: schemaProblem(dialects.errors ?? []) } as const
      }
      const validate = createAjv().compile(rest)
      return { kind: 'ok', check: (args) => checkArguments(validate, args) } as const
    })
  } catch (error) {
    if (error instanceof TookTooLong)
      return { kind: 'invalid', problem: `takes too long to compile (${error.message})` }
    return { kind: 'invalid', problem: error instanceof Error ? error.message : String(error) }
  }
}

function createAjv(): Ajv2020 {
  // A new one each time: nothing of a stranger's schema ($id, $anchor) may be visible to the next.
  const ajv = new Ajv2020({
    allErrors: true,
    useDefaults: true,
    strict: false,
    validateSchema: false,
    meta: false,
    ownProperties: true,
    inlineRefs: false,
    verbose: true,
    logger: false,
  })
  addFormats.default(ajv)
  for (const [name, format] of Object.entries(ajv.formats)) {
    if (format !== undefined && format !== true)
      ajv.addFormat(name, boundedFormat(name as FormatName, format))
  }
  return ajv
}

function boundedFormat(name: FormatName, format: Exclude<Ajv2020['formats'][string], true | undefined>) {
  if (typeof format === 'object' && 'type' in format && format.type === 'number') return format
  const test: unknown =
    typeof format === 'object' && 'validate' in format
      ? (format as FormatDefinition<string>).validate
      : format
  return (text: string): boolean => {
    if (text.length > MAX_FORMAT_LENGTH && name !== 'byte') return false
    if (test instanceof RegExp) {
      test.lastIndex = 0
      return test.test(text)
    }
    return typeof test === 'function' ? Boolean((test as (text: string) => unknown)(text)) : true
  }
}

function schemaProblem(errors: readonly ErrorObject[]): string {
  const texts = errors.map((error) => `${error.instancePath || '/'} ${error.message ?? 'is wrong'}`)
  return [...new Set(texts)].slice(0, 3).join('; ')
}

function checkArguments(validate: ValidateFunction, args: Record<string, unknown>): ArgumentProblem[] {
  let errors: readonly ErrorObject[]
  try {
    errors = guarded(BUDGET_MS, () => (validate(args) ? [] : [...(validate.errors ?? [])]))
  } catch (error) {
    if (error instanceof TookTooLong) return [tooLong]
    const text = `cannot be checked against the schema of the skill (${String(error)})`
    return [{ path: [], fault: { kind: 'other', text } }]
  }
  return toProblems(errors, args)
}

function toProblems(errors: readonly ErrorObject[], args: unknown): ArgumentProblem[] {
  const unions = errors.filter(({ keyword }) => keyword === 'anyOf' || keyword === 'oneOf')
  // What is wrong with each alternative is told with the union, not beside it.
  const top = errors.filter(
    (error) =>
      error.keyword !== 'if' && !unions.some((union) => error.schemaPath.startsWith(`${union.schemaPath}/`)),
  )
  return top.map((error) => {
    const path = parsePointer(error.instancePath, args)
    const params = error.params as Readonly<Record<string, unknown>>
    switch (error.keyword) {
      case 'required':
        return { path: [...path, String(params.missingProperty)], fault: { kind: 'missing' } }
      case 'additionalProperties':
      case 'unevaluatedProperties': {
        const name = String(params.additionalProperty ?? params.unevaluatedProperty)
        const parent = error.parentSchema as { properties?: object } | undefined
        return {
          path: [...path, name],
          fault: { kind: 'unknown', known: Object.keys(parent?.properties ?? {}) },
        }
      }
      case 'anyOf':
      case 'oneOf': {
        const inner = errors.filter((other) => other.schemaPath.startsWith(`${error.schemaPath}/`))
        const reasons = [...new Set(inner.map(({ message }) => message ?? ''))].slice(0, 4).join(', or ')
        const text =
          inner.length === 0 ? (error.message ?? 'is wrong') : `fits none of the allowed forms: ${reasons}`
        return { path, fault: { kind: 'other', text } }
      }
      default:
        return { path, fault: simpleFault(error, params) }
    }
  })
}

function simpleFault(error: ErrorObject, params: Readonly<Record<string, unknown>>): Fault {
  const limit = Number(params.limit)
  switch (error.keyword) {
    case 'type':
      return { kind: 'type', types: [params.type].flat().map(String) }
    case 'enum':
      return { kind: 'choice', allowed: params.allowedValues as readonly unknown[] }
    case 'const':
      return { kind: 'choice', allowed: [params.allowedValue] }
    case 'minimum':
    case 'maximum':
    case 'exclusiveMinimum':
    case 'exclusiveMaximum':
      return { kind: 'bound', comparison: params.comparison as '>=', limit }
    case 'minLength':
    case 'maxLength':
      return {
        kind: 'size',
        unit: 'characters',
        comparison: error.keyword === 'minLength' ? '>=' : '<=',
        limit,
      }
    case 'minItems':
    case 'maxItems':
      return { kind: 'size', unit: 'items', comparison: error.keyword === 'minItems' ? '>=' : '<=', limit }
    default:
      return { kind: 'other', text: error.message ?? `fails ${error.keyword}` }
  }
}

/** A number means an index only where the value is a list: an object's key may be `0` too. */
function parsePointer(pointer: string, args: unknown): (string | number)[] {
  let value = args
  return pointer
    .split('/')
    .slice(1)
    .map((part) => {
      const name = part.replaceAll('~1', '/').replaceAll('~0', '~')
      const key = Array.isArray(value) ? Number(name) : name
      value = (value as Record<string | number, unknown> | undefined)?.[key]
      return key
    })
}
