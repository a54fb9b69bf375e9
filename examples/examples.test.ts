import { join } from 'node:path'
import { expect, test } from 'vitest'
import { root, run } from '../scripts/shared.mjs'

test('01-basic computes 15 × 27 in the sandbox', async () => {
  const end = await run(['npm', 'start', '--silent'], { cwd: join(root, 'examples/01-basic') })
  expect(end, end.stderr).toMatchObject({ code: 0 })
  expect(end.stdout).toMatch(
    /^\{ operation: 'multiply', a: 15, b: 27, result: 405 \}\nisolated by \w+ in \d+ ms\n$/,
  )
}, 60_000)
