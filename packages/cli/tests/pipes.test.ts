import { expect, test } from 'vitest'
import { bin, start } from './support/command.js'
import { temporaryDirectory, writeSkill } from './support/skills.js'

const skills = temporaryDirectory()
writeSkill(skills, 'chatty', {
  'scripts/main.py': 'import sys\nfor i in range(500000): print("line", i)\n',
})

/** Runs a pipeline in bash, with `skilllite` standing for the built command. */
const pipeline = (text: string) =>
  start('/bin/bash', ['-c', `skilllite() { "$NODE" "$BIN" "$@"; }; ${text}`], {
    env: { NODE: process.execPath, BIN: bin, SKILLLITE_SKILLS_DIR: skills },
  })

test('a reader that leaves early ends a run quietly', async () => {
  const result = await pipeline('skilllite run chatty | head -1; echo "$PIPESTATUS"')
  expect(result).toMatchObject({ stdout: 'line 0\n141\n', stderr: '' })
})

test('a reader that leaves at once ends list quietly', async () => {
  const result = await pipeline('skilllite list | true; echo "$PIPESTATUS"')
  expect(result).toMatchObject({ stdout: '141\n', stderr: '' })
})

test('a closed stderr is no failure', async () => {
  const result = await pipeline('skilllite run nobody 2>&-; echo "$?"')
  expect(result).toMatchObject({ stdout: '127\n' })
})
