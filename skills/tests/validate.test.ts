import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { root, run } from '../../scripts/shared.mjs'
import { skillsDirectory } from './run-script.js'

const skills = readdirSync(skillsDirectory).filter((name) =>
  existsSync(join(skillsDirectory, name, 'SKILL.md')),
)

test('there are the six skills', () => {
  expect(skills).toEqual([
    'calculator',
    'data-analyzer',
    'http-request',
    'text-processor',
    'weather',
    'writing-helper',
  ])
})

test.each(skills)('%s is valid', async (name) => {
  const end = await run([join(root, 'node_modules/.bin/skilllite'), 'validate', join(skillsDirectory, name)])
  expect(end, end.stdout + end.stderr).toMatchObject({ code: 0 })
})
