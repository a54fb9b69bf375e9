import { expect, test } from 'vitest'
import { root, run } from './shared.mjs'

test('npm run demo computes in the sandbox and shows what was refused', async () => {
  const end = await run(['npm', 'run', '--silent', 'demo'], { cwd: root })
  expect(end, end.stderr).toMatchObject({ code: 0 })
  expect(end.stdout).toMatch(/result +405/)
  expect(end.stdout).toMatch(/start a shell +refused/)
}, 120_000)
