import type { Parameter, Place, ValueType } from '../parameter.js'
import type { Input } from './input.js'

/** What the code tells of an input beyond what its parser was told. */
export function learnt(input: Input): Partial<Parameter> {
  const type = typeOf(input)
  return {
    ...(type === undefined ? {} : { type }),
    ...(input.choices === undefined ? {} : { choices: input.choices }),
    ...(input.default === undefined ? {} : { default: input.default.value }),
    ...(input.required && input.default === undefined ? { required: true } : {}),
  }
}

/** The type that the code converts to, or that of the value that it assumes. */
export function typeOf({ type, default: assumed, choices, compared }: Input): ValueType | undefined {
  if (type !== undefined) return type === 'integer' && isFraction(assumed?.value) ? 'number' : type
  return typeOfValue(assumed?.value) ?? typeOfValue(choices?.[0] ?? compared[0])
}

const isFraction = (value: unknown): boolean => typeof value === 'number' && !Number.isInteger(value)

export function typeOfValue(value: unknown): ValueType | undefined {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    return typeof value as ValueType
  }
  return undefined
}

/** The default as a value of that type, where it can be one. */
export function fitDefault(value: unknown, type: ValueType): unknown {
  if (value === undefined || value === null || type === 'any') return value
  if ((type === 'number' || type === 'integer') && typeof value === 'string' && value.trim() !== '') {
    const number = Number(value)
    return Number.isFinite(number) ? number : undefined
  }
  if (type === 'string' && typeof value !== 'string')
    return typeof value === 'object' ? undefined : String(value)
  if (type === 'boolean' && typeof value !== 'boolean') return undefined
  if ((type === 'number' || type === 'integer') && typeof value !== 'number') return undefined
  return value
}

export const lone = (flag: string, when: unknown = true): Place => ({
  kind: 'flag',
  flag,
  takes: 'nothing',
  form: 'auto',
  when,
})

export const withValue = (flag: string, form: 'auto' | 'separate' | 'joined' = 'auto'): Place => ({
  kind: 'flag',
  flag,
  takes: 'one',
  form,
})

/** The spelling that says most: the longest. */
export function bestFlag(flags: Iterable<string>): string {
  return [...flags].reduce((best, flag) =>
    flag.length > best.length && (flag.startsWith('--') || !best.startsWith('--')) ? flag : best,
  )
}
