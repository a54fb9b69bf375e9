const name = { type: 'string', minLength: 1 }
const shared = {
  name,
  default: {},
  required: { type: 'boolean' },
  encoding: { enum: ['json', 'python'] },
  path: { type: 'boolean' },
  words: { type: 'array', items: { type: 'string' }, minItems: 2, maxItems: 2 },
}
const positional = {
  type: 'object',
  properties: { kind: { const: 'positional' }, takes: { enum: ['one', 'many', 'rest'] }, ...shared },
  required: ['kind', 'name', 'takes'],
  additionalProperties: false,
}
const flag = {
  type: 'object',
  properties: {
    kind: { const: 'flag' },
    flag: { type: 'string', minLength: 1 },
    takes: { enum: ['nothing', 'count', 'one', 'many'] },
    each: { type: 'boolean' },
    when: {},
    exactly: { type: 'integer', minimum: 0 },
    form: { enum: ['auto', 'separate', 'joined'] },
    adds: { type: 'boolean' },
    ...shared,
  },
  required: ['kind', 'name', 'flag', 'takes', 'form'],
  additionalProperties: false,
}
const level = {
  arguments: { type: 'array', items: { anyOf: [{ $ref: '#/$defs/positional' }, { $ref: '#/$defs/flag' }] } },
  exclusive: {
    type: 'array',
    items: {
      type: 'object',
      properties: { names: { type: 'array', items: name }, required: { type: 'boolean' } },
      required: ['names', 'required'],
      additionalProperties: false,
    },
  },
  commands: {
    type: 'object',
    properties: {
      name,
      required: { type: 'boolean' },
      choices: { type: 'object', additionalProperties: { $ref: '#/$defs/level' } },
    },
    required: ['name', 'required', 'choices'],
    additionalProperties: false,
  },
}
const stdin = {
  anyOf: [
    {
      type: 'object',
      properties: { kind: { const: 'text' }, name },
      required: ['kind', 'name'],
      additionalProperties: false,
    },
    {
      type: 'object',
      properties: { kind: { const: 'json' }, names: { type: 'array', items: name } },
      required: ['kind', 'names'],
      additionalProperties: false,
    },
  ],
}

/** The form of an argv plan, for those that come from a file; see `ArgvPlan`. */
export const ARGV_PLAN_SCHEMA = {
  type: 'object',
  properties: { kind: { enum: ['stdin-json', 'raw', 'command-line'] } },
  required: ['kind'],
  if: { properties: { kind: { const: 'command-line' } } },
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
  then: {
    properties: {
      kind: {},
      prefixes: { type: 'string' },
      endOfOptions: { type: 'boolean' },
      negativeNumbers: { type: 'boolean' },
      filePrefixes: { type: 'string' },
      stdin,
      ...level,
    },
    required: ['prefixes', 'endOfOptions', 'arguments'],
    additionalProperties: false,
  },
  else: { properties: { kind: {} }, additionalProperties: false },
  $defs: {
    positional,
    flag,
    level: { type: 'object', properties: level, required: ['arguments'], additionalProperties: false },
  },
}
