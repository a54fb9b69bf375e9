import { expect, test } from 'vitest'
import { countCargoTests, countVitestTests } from './count-tests.mjs'

test('countCargoTests() adds up all test binaries', () => {
  const output = `
running 3 tests
test result: ok. 2 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s

test result: FAILED. 4 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.20s
`
  expect(countCargoTests(output)).toEqual({ passed: 6, failed: 1, skipped: 1 })
})

test('countCargoTests() finds nothing where it did not compile', () => {
  expect(countCargoTests('error[E0432]: unresolved import')).toEqual({ passed: 0, failed: 0, skipped: 0 })
})

test('countVitestTests() counts a file that could not be loaded as a failure', () => {
  const report = {
    numPassedTests: 5,
    numFailedTests: 1,
    numPendingTests: 2,
    numTodoTests: 0,
    testResults: [
      { status: 'passed', assertionResults: [{ status: 'passed' }] },
      { status: 'failed', assertionResults: [{ status: 'failed' }] },
      { status: 'failed', assertionResults: [] },
    ],
  }
  expect(countVitestTests(report)).toEqual({ passed: 5, failed: 2, skipped: 2 })
})
