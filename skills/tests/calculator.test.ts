import { expect, test } from 'vitest'
import { failure, python, run, success } from './run-script.js'

function calculator(input: unknown) {
  return run([python, 'scripts/main.py'], 'calculator', input)
}

test.each([
  ['multiply', 15, 27, 405],
  ['add', 0.1, 0.2, 0.3],
  ['subtract', 5, 8, -3],
  ['divide', 6, 3, 2],
  ['divide', 1, 4, 0.25],
  ['floor_divide', -7, 2, -4],
  ['modulo', -7, 3, 2],
  ['modulo', -7.5, 3, 1.5],
  ['power', 2, 10, 1024],
  ['power', 2, -2, 0.25],
  ['root', -27, 3, -3],
  ['log', 1000, 10, 3],
  ['percent', 15, 80, 12],
  ['round', 2.675, 2, 2.68],
  ['minimum', 3, -4, -4],
  ['maximum', 3, -4, 3],
  ['gcd', 12, 18, 6],
  ['lcm', 4, 6, 12],
])('calculator answers %s of %d and %d with %d', async (operation, a, b, result) => {
  expect(await calculator({ operation, a, b })).toEqual(success({ operation, a, b, result }))
})

test.each([
  ['sqrt', 144, 12],
  ['sqrt', 2, Math.SQRT2],
  ['absolute', -3.5, 3.5],
  ['negate', 4, -4],
  ['factorial', 10, 3_628_800],
])('calculator answers %s of %d with %d', async (operation, a, result) => {
  expect(await calculator({ operation, a })).toEqual(success({ operation, a, result }))
})

test('calculator prints a whole number without a fraction and, when large, its exact digits', async () => {
  const { output } = await calculator({ operation: 'power', a: 2, b: 64 })
  expect(output).toMatchObject({ exact: '18446744073709551616' })
})

test.each([
  [{ operation: 'divide', a: 1, b: 0 }, 'division by zero: b must not be 0'],
  [{ operation: 'modulo', a: 1, b: 0 }, 'division by zero: b must not be 0'],
  [{ operation: 'power', a: 9, b: 387_420_489 }, 'the result is too large: more than 308 digits'],
  [{ operation: 'power', a: 1.5, b: 1e9 }, 'the result is too large: more than 308 digits'],
  [{ operation: 'factorial', a: 171 }, 'the result is too large: more than 308 digits'],
  [{ operation: 'sqrt', a: -4 }, 'a negative number has no real root of degree 2'],
  [{ operation: 'log', a: 0 }, 'the logarithm needs a number above 0, got 0'],
  [{ operation: 'lcm', a: 4, b: 6.5 }, 'b must be a whole number, got 6.5'],
  [{ operation: 'add', a: 5 }, 'add needs two numbers: b is missing'],
  [{ operation: 'add', a: '5', b: 1 }, 'a must be a number, got "5"'],
  [[], 'the input must be a JSON object'],
  ['{"operation":"add","a":NaN,"b":1}', 'NaN is not a number that can be calculated with'],
  ['{"operation":"gcd","a":1e999999,"b":1}', 'a is too large: more than 308 digits'],
])('calculator refuses %j in one line', async (input, message) => {
  expect(await calculator(input)).toEqual(failure(message))
})
