import { expect, test } from 'vitest'
import { asStdin } from './as-stdin.js'

const schema = (...names: string[]) => ({
  type: 'object',
  properties: Object.fromEntries(names.map((name) => [name, { type: 'string' }])),
})

test.each([[schema('stdin')], [schema('args', 'stdin')]])(
  'JSON is the stdin of a script with %j',
  (known) => {
    expect(asStdin({ a: 1, b: ['x'] }, known)).toEqual({
      args: { stdin: '{"a":1,"b":["x"]}' },
      coerced: [{ argument: 'stdin', from: { a: 1, b: ['x'] }, to: '{"a":1,"b":["x"]}' }],
    })
  },
)

test.each([
  ['an argument that the script has', { stdin: 'text', a: 1 }, schema('stdin')],
  ['no argument', {}, schema('stdin')],
  ['a script with arguments of its own', { a: 1 }, schema('stdin', 'file')],
  ['a script without stdin', { a: 1 }, schema('args')],
  ['a script without arguments', { a: 1 }, { type: 'object' }],
])('%s is left as it is', (_, args, known) => {
  expect(asStdin(args, known)).toEqual({ args, coerced: [] })
})
