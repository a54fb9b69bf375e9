/** Counts of one kind of test: `{ passed, failed, skipped }`. */
export function noTests() {
  return { passed: 0, failed: 0, skipped: 0 }
}

export function sum(counts) {
  return counts.reduce(
    (total, { passed, failed, skipped }) => ({
      passed: total.passed + passed,
      failed: total.failed + failed,
      skipped: total.skipped + skipped,
    }),
    noTests(),
  )
}

/** Reads the `test result:` lines of `cargo test`, one for each test binary. */
export function countCargoTests(output) {
  const lines = output.matchAll(/^test result: \S+ (\d+) passed; (\d+) failed; (\d+) ignored;/gm)
  return sum(
    [...lines].map(([, passed, failed, skipped]) => ({
      passed: +passed,
      failed: +failed,
      skipped: +skipped,
    })),
  )
}

/** Reads Vitest's JSON report. A file that could not be loaded holds no test, but is a failure. */
export function countVitestTests(report) {
  const broken = report.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  )
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + broken.length,
    skipped: report.numPendingTests + report.numTodoTests,
  }
}
