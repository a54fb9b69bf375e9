import { SkillManager } from 'skilllite'
import { beforeAll, expect, test } from 'vitest'
import { skillsDirectory } from './run-script.js'

let manager: SkillManager
beforeAll(async () => {
  manager = await SkillManager.load({ skillsDir: skillsDirectory })
})

test('all skills load without a complaint, each with one tool or none', () => {
  expect(manager.diagnostics).toEqual([])
  expect(manager.tools().map((tool) => tool.name)).toEqual([
    'calculator',
    'data-analyzer',
    'http-request',
    'text-processor',
    'weather',
  ])
  expect(manager.skills.map((skill) => skill.name)).toContain('writing-helper')
})

test.each([
  [
    'calculator',
    { operation: 'multiply', a: 15, b: 27 },
    { operation: 'multiply', a: 15, b: 27, result: 405 },
  ],
  [
    'text-processor',
    { operation: 'slug', text: 'Crème brûlée' },
    { operation: 'slug', result: 'creme-brulee' },
  ],
])('%s works in the sandbox', async (name, args, output) => {
  const result = await manager.run(name, args)
  expect(result).toMatchObject({ status: 'completed', exitCode: 0, output, violations: [], stderr: '' })
})

test('calculator says in the result why it could not answer', async () => {
  const result = await manager.run('calculator', { operation: 'divide', a: 1, b: 0 })
  expect(result).toMatchObject({
    status: 'completed',
    exitCode: 1,
    stdout: '',
    stderr: 'error: division by zero: b must not be 0\n',
  })
})

test.each([
  ['weather', { location: 'Berlin' }],
  ['http-request', { url: 'https://example.org/' }],
])('%s says that the network must be granted', async (name, args) => {
  const result = await manager.run(name, args)
  expect(result).toMatchObject({
    status: 'completed',
    exitCode: 1,
    stderr: expect.stringMatching(/^error: .*no network in this sandbox.* must be granted by the user/),
    violations: expect.arrayContaining([expect.objectContaining({ kind: 'socket', what: 'AF_INET' })]),
  })
})

test.each([
  ['calculator', { operation: 'guess', a: 1 }],
  ['calculator', { operation: 'add', a: '1', b: 2, c: 3 }],
  ['text-processor', { operation: 'truncate', text: 'x', length: 0 }],
  ['http-request', { url: 'file:///etc/passwd' }],
  ['weather', { location: 'Berlin', days: 17 }],
])('%s is not started with arguments that its schema forbids: %j', async (name, args) => {
  await expect(manager.run(name, args)).rejects.toMatchObject({ code: 'ARGUMENTS_INVALID' })
})
