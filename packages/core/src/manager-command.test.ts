import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { answerCall } from './answer/answer-call.js'
import { SkillManager } from './manager.js'

const root = realpathSync(mkdtempSync(path.join(tmpdir(), 'manager-command-')))
afterAll(() => rmSync(root, { recursive: true }))

let manager: SkillManager
beforeAll(async () => {
  for (const [name, code] of [
    ['honest', 'print("done")'],
    ['suspicious', 'import base64\nexec(base64.b64decode("cHJpbnQoJ2RlY29kZWQnKQ=="))'],
  ] as const) {
    const directory = path.join(root, name)
    mkdirSync(directory)
    writeFileSync(path.join(directory, 'SKILL.md'), `---\nname: ${name}\ndescription: Runs.\n---\n`)
    writeFileSync(path.join(directory, 'main.py'), `${code}\n`)
  }
  manager = await SkillManager.load({ skillsDir: root })
})

describe('command()', () => {
  test('runs a granted program in the directory of the skill', async () => {
    expect(await manager.command('honest', 'python3 main.py', { programs: ['python3'] })).toMatchObject({
      status: 'completed',
      exitCode: 0,
      stdout: 'done\n',
      isolation: { level: 3 },
    })
  })

  test('runs a whole line with a granted shell, with no program but the granted', async () => {
    const options = { programs: ['sh', 'python3'] }
    expect(await manager.command('honest', 'python3 main.py | tr a-z A-Z', options)).toMatchObject({
      exitCode: 0,
      stdout: 'DONE\n',
    })
    expect(await manager.command('honest', 'env; echo after', options)).toMatchObject({
      stdout: 'after\n',
      stderr: expect.stringMatching(/env: .*(not found|denied)/),
    })
  })

  test('without a grant nothing runs, whatever scripts of the skill may start', async () => {
    const generous = await SkillManager.load({ skillsDir: root, allowPrograms: ['python3'] })
    for (const options of [{}, { programs: [] }]) {
      expect(await generous.command('honest', 'python3 main.py', options)).toMatchObject({
        status: 'refused',
      })
    }
    expect(await generous.command('honest', 'python3 main.py', { programs: ['sh'] })).toMatchObject({
      exitCode: 127,
      stdout: '',
    })
    expect(await generous.command('honest', 'python3 main.py', { programs: ['python3'] })).toMatchObject({
      exitCode: 0,
    })
  })

  test('at level 3 a skill that a scan asks about is not run without approval', async () => {
    const options = { programs: ['python3'] }
    const line = 'python3 main.py'
    const asked = await manager.command('suspicious', line, options)
    if (asked.status !== 'needs-approval') throw new Error('it was not asked for')
    expect(await manager.command('suspicious', line, { ...options, confirm: () => false })).toMatchObject({
      status: 'refused',
    })
    const approved = { ...options, approved: asked.scanId }
    expect(await manager.command('suspicious', line, approved)).toMatchObject({ stdout: 'decoded\n' })
    expect(await manager.command('suspicious', `${line} x`, approved)).toMatchObject({
      status: 'needs-approval',
    })
    expect(await manager.command('suspicious', line, { ...options, level: 2 })).toMatchObject({
      stdout: 'decoded\n',
    })
  })

  test('a skill that changes while somebody is asked is not run', async () => {
    const result = await manager.command('suspicious', 'python3 main.py', {
      programs: ['python3'],
      confirm: () => {
        writeFileSync(path.join(root, 'suspicious', 'main.py'), 'print("another")\n')
        return true
      },
    })
    expect(result).toMatchObject({ status: 'refused', reason: expect.stringContaining('changed') })
  })
})

describe('run_command', () => {
  test('runs with what was granted when skills were loaded, and is not there without', async () => {
    const call = { name: 'run_command', arguments: { skill: 'honest', command: 'python3 main.py' } }
    const granted = await SkillManager.load({ skillsDir: root, programs: ['python3'] })
    expect(granted.tools({ commands: true }).map(({ name }) => name)).toContain('run_command')
    expect(await answerCall(granted, call)).toMatchObject({ content: 'done', isError: false })
    expect(await answerCall(manager, call)).toMatchObject({ error: { code: 'TOOL_UNKNOWN' } })
    expect(() => manager.tools({ commands: true })).toThrow(
      expect.objectContaining({ code: 'OPTION_INVALID' }),
    )
    expect(
      await answerCall(granted, { ...call, arguments: { skill: 'honest', command: 'id' } }),
    ).toMatchObject({
      content: expect.stringContaining('the program "id" is not granted; granted are python3'),
      isError: true,
    })
    const tools = granted.tools({ commands: true, include: ['suspicious'] })
    expect(await answerCall(granted, call, { tools })).toMatchObject({
      content: expect.stringContaining('skill must be "suspicious"'),
    })
  })
})
