import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { checkNode } from './requirements.mjs'
import { root, run } from './shared.mjs'

const setup = [process.execPath, join(root, 'scripts/setup.mjs')]
const needed = 'SkillLite builds its sandbox from source and needs Rust 1.85 or later'
const remedy = "install Rust from https://rustup.rs or your distribution's packages `cargo` and `rustc`."

test('setup says in one sentence what to install where cargo is missing', async () => {
  const end = await run(setup, { env: { PATH: '/nowhere' } })
  expect(end).toMatchObject({
    code: 1,
    stdout: '',
    stderr: `${needed}, but \`cargo\` was not found: ${remedy}\n`,
  })
})

test('setup refuses a Rust that is too old', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'old rust-'))
  try {
    writeFileSync(join(directory, 'cargo'), '#!/bin/sh\necho "cargo 1.63.0"\n', { mode: 0o755 })
    const end = await run(setup, { env: { PATH: directory } })
    expect(end).toMatchObject({ code: 1, stderr: `${needed}, but \`cargo\` is 1.63.0: ${remedy}\n` })
  } finally {
    rmSync(directory, { recursive: true })
  }
})

test.each(['18.20.0', '20.18.3'])('setup refuses Node.js %s', (version) => {
  expect(() => checkNode(version)).toThrow(`SkillLite needs Node.js 20.19 or later, but this is ${version}`)
})

test.each(['20.19.0', '22.1.0', '24.0.0'])('setup accepts Node.js %s', (version) => {
  checkNode(version)
})
