import { describe, expect, test } from 'vitest'
import type { SkillInfo } from '../skill/skill-info.js'
import { commandTool } from './command-tool.js'
import { findOwnTool, type OwnTool } from './own-tools.js'

const skill = (name: string, allowedTools?: string): SkillInfo => ({
  name,
  description: '',
  directory: `/s/${name}`,
  file: `/s/${name}/SKILL.md`,
  body: '',
  runtime: {},
  extra: {},
  scripts: [],
  resources: [],
  diagnostics: [],
  scope: 'host',
  ...(allowedTools === undefined ? {} : { allowedTools }),
})
const skills = [skill('pdf'), skill('git-notes', 'Bash(git:*)\nRead')]
const none = { programs: [], workspace: undefined }
const all = { programs: ['/usr/bin/git'], workspace: { directory: '/w', readOnly: false } }
const reading = { programs: [], workspace: { directory: '/w', readOnly: true } }

describe('findOwnTool()', () => {
  test.each([
    ['activate_skill', none, true],
    ['read_skill_file', none, true],
    ['run_command', none, false],
    ['run_command', all, true],
    ['read_file', none, false],
    ['read_file', reading, true],
    ['write_file', reading, false],
    ['write_file', all, true],
    ['pdf', all, false],
  ] as const)('%s with %j: %s', (name, grants, there) => {
    expect(findOwnTool(name, skills, grants)?.name).toBe(there ? name : undefined)
    const definition = { name, description: '', inputSchema: {} } as unknown as OwnTool
    expect(findOwnTool(definition, skills, grants)).toBe(there ? definition : undefined)
  })

  test('without skills there is nothing to activate and nowhere to run', () => {
    expect(findOwnTool('activate_skill', [], all)).toBeUndefined()
    expect(findOwnTool('run_command', [], all)).toBeUndefined()
  })
})

test('run_command says what is granted, and what skills ask for as no more than that', () => {
  const { description, inputSchema } = commandTool(skills, ['/usr/bin/git', 'sh']) ?? {}
  expect(description).toContain('Programs that can be started: git, sh. A line may have pipes and the like.')
  expect(description).toContain('which is not granted by that:\n- git-notes: Bash(git:*) Read')
  expect(inputSchema).toMatchObject({ properties: { skill: { enum: ['pdf', 'git-notes'] } } })
  expect(commandTool(skills, ['git'])?.description).toContain('A line is one program with its arguments.')
  const many = Array.from({ length: 100 }, (_, n) => skill(`s${n}`, 'Bash(git:*) '.repeat(99)))
  expect(commandTool(many, ['git'])?.description.length).toBeLessThanOrEqual(1_024)
})
