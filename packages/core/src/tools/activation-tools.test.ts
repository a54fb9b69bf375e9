import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { SkillInfo } from '../skill/skill-info.js'
import { activationTools } from './activation-tools.js'

const skill = (name: string, description: string): SkillInfo => ({
  name,
  description,
  directory: `/s/${name}`,
  file: `/s/${name}/SKILL.md`,
  body: '',
  runtime: {},
  extra: {},
  scripts: [],
  resources: [],
  diagnostics: [],
  scope: 'host',
})
const pdf = skill('pdf', 'Fills in\nand merges PDF forms.')
const notes = skill('notes', 'Writes notes.')

describe('activationTools()', () => {
  test('lists the skills and takes only their names', () => {
    const [activate, read] = activationTools([pdf, notes])
    expect(activate).toEqual({
      name: 'activate_skill',
      description: expect.stringMatching(
        /\n- pdf: Fills in and merges PDF forms\.\n- notes: Writes notes\.$/,
      ),
      inputSchema: {
        type: 'object',
        properties: { name: { type: 'string', enum: ['pdf', 'notes'], description: 'The skill' } },
        required: ['name'],
        additionalProperties: false,
      },
    })
    expect(read).toMatchObject({
      name: 'read_skill_file',
      inputSchema: { properties: { skill: { enum: ['pdf', 'notes'] } }, required: ['skill', 'path'] },
    })
  })

  test('are not there where there are no skills', () => {
    expect(activationTools([])).toEqual([])
  })

  test('say how many skills the list leaves out', () => {
    const many = Array.from({ length: 200 }, (_, n) =>
      skill(`skill-${n}`, 'Does something useful. '.repeat(9)),
    )
    const description = activationTools(many)[0]?.description ?? ''
    const listed = description.match(/^- skill-/gm)?.length ?? 0
    expect(description).toMatch(/…\n- [\s\S]+…\n\(and \d+ more: see the values of name\)$/)
    expect(description).toContain(`(and ${200 - listed} more`)
  })

  test('leave the list out for a budget of 0', () => {
    expect(activationTools([pdf], 0)[0]?.description).not.toContain('pdf')
  })

  test('keep within 1,024 characters, or within the budget given', () => {
    const text = fc.string({ maxLength: 300 })
    const skills = fc.array(
      fc.tuple(text, text).map(([name, about]) => skill(name, about)),
      {
        minLength: 1,
        maxLength: 30,
      },
    )
    fc.assert(
      fc.property(skills, fc.nat(3_000), (list, budget) => {
        const base = activationTools(list, 0)[0]?.description.length ?? 0
        expect(activationTools(list)[0]?.description.length).toBeLessThanOrEqual(1_024)
        expect(activationTools(list, budget)[0]?.description.length).toBeLessThanOrEqual(base + 1 + budget)
      }),
      { numRuns: 200 },
    )
  })
})
