import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { linesOf, skillDirectories, Traces } from '../../tests/adapter-skills/adapter-skills.js'
import { SkillManager } from '../manager.js'
import { approvalNeeded } from './approval-needed.js'

const traces = new Traces()
let manager: SkillManager
beforeAll(async () => {
  manager = await SkillManager.load({
    skillsDir: skillDirectories,
    allowWrite: [traces.directory],
    workspace: traces.directory,
    programs: ['touch'],
  })
})
afterAll(() => traces.remove())

test('tells what a run would ask, and runs nothing; its id then approves the run', async () => {
  const file = traces.newFile()
  const call = { name: 'daring', arguments: JSON.stringify({ file, note: 'hello' }) }
  const asked = await approvalNeeded(manager, call)
  expect(asked).toMatchObject({ status: 'needs-approval', report: expect.stringContaining('main.py') })
  expect(linesOf(file)).toEqual([])
  expect(await approvalNeeded(manager, call, { approved: asked?.scanId ?? '' })).toBeUndefined()
  expect(linesOf(file)).toEqual([])
  expect(
    await manager.run('daring', { file, note: 'hello' }, { approved: asked?.scanId ?? '' }),
  ).toMatchObject({
    status: 'completed',
  })
  expect(linesOf(file)).toEqual(['hello'])
})

test.each([
  ['a skill that the scan finds nothing in', 'tame', 3, { act: 'note' }],
  ['a level without a scan', 'daring', 2, { note: 'hello' }],
] as const)('is nothing for %s, and it does not run', async (_case, name, level, args) => {
  const file = traces.newFile()
  expect(await approvalNeeded(manager, { name, arguments: { ...args, file } }, { level })).toBeUndefined()
  expect(linesOf(file)).toEqual([])
})

test.each([
  ['daring', { note: 1 }],
  ['daring', '{'],
  ['nobody', {}],
  ['activate_skill', { name: 'tame' }],
])('is nothing for a call that fails or needs no sandbox: %s %j', async (name, args) => {
  expect(await approvalNeeded(manager, { name, arguments: args })).toBeUndefined()
})

test('writes nothing into the workspace', async () => {
  const call = { name: 'write_file', arguments: { path: 'new.txt', content: 'text' } }
  expect(await approvalNeeded(manager, call)).toBeUndefined()
  expect(existsSync(join(traces.directory, 'new.txt'))).toBe(false)
  expect(await manager.call(call.name, call.arguments)).toMatchObject({ exitCode: 0 })
  expect(existsSync(join(traces.directory, 'new.txt'))).toBe(true)
})

test('tells what a command would ask, and runs none', async () => {
  const file = traces.newFile()
  const run = (skill: string) => ({ name: 'run_command', arguments: { skill, command: `touch ${file}` } })
  expect(await approvalNeeded(manager, run('daring'))).toMatchObject({ status: 'needs-approval' })
  expect(await approvalNeeded(manager, run('tame'))).toBeUndefined()
  expect(existsSync(file)).toBe(false)
  expect(await manager.call('run_command', run('tame').arguments)).toMatchObject({ exitCode: 0 })
  expect(existsSync(file)).toBe(true)
})
