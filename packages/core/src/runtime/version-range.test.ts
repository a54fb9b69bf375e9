import { describe, expect, test } from 'vitest'
import { compareVersions, fitsNode, fitsPython } from './version-range.js'

describe('fitsPython()', () => {
  test.each([
    ['>=3.9', true],
    ['>=3.9,<4', true],
    ['>=3.12', false],
    ['>3.11', false],
    ['>3.10', true],
    ['<=3.11', false],
    ['<=3.11.7', true],
    ['<3.12', true],
    ['~=3.10', true],
    ['~=3.11.2', true],
    ['~=3.10.2', false],
    ['==3.11.*', true],
    ['==3.11', false],
    ['==3.11.7', true],
    ['===3.11.7', true],
    ['!=3.11.*', false],
    ['!=3.11.6', true],
    [' >= 3.9 , < 4 ', true],
    ['', true],
    ['three', false],
    ['>=3.9,anything', false],
  ])('3.11.7 and %j: %s', (specifier, fits) => {
    expect(fitsPython('3.11.7', specifier)).toBe(fits)
  })
})

describe('fitsNode()', () => {
  test.each([
    ['>=18', true],
    ['>= 18', true],
    ['>=22', false],
    ['^20', true],
    ['^20.3.0', false],
    ['^18', false],
    ['~20.2', true],
    ['~20.1', false],
    ['20.x', true],
    ['20', true],
    ['v20.2.1', true],
    ['18 || 20', true],
    ['>=18 <20', false],
    ['18 - 20', true],
    ['18 - 19', false],
    ['>20', false],
    ['*', true],
    ['', true],
    ['what is this', true],
  ])('20.2.1 and %j: %s', (range, fits) => {
    expect(fitsNode('20.2.1', range)).toBe(fits)
  })
})

test('compareVersions() compares numbers, not text', () => {
  expect(['3.9.1', '3.13.0', '3.10'].sort(compareVersions)).toEqual(['3.9.1', '3.10', '3.13.0'])
})
