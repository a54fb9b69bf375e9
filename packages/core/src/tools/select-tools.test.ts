import { describe, expect, test } from 'vitest'
import type { SkillInfo } from '../skill/skill-info.js'
import { selectTools, type ToolsOptions } from './select-tools.js'

const tool = (name: string, skill: string, script: string) => ({
  name,
  skill,
  script,
  description: '',
  inputSchema: { type: 'object' },
  argvPlan: { kind: 'stdin-json' as const },
})
const catalog = {
  skills: ['pdf', 'calculator', 'notes'].map(
    (name) => ({ name, description: `About ${name}.` }) as SkillInfo,
  ),
  tools: [
    tool('pdf_fill', 'pdf', 'fill.py'),
    tool('pdf_merge', 'pdf', 'merge.py'),
    tool('calculator', 'calculator', 'main.py'),
  ],
  diagnostics: [],
}
const grants = { programs: ['/bin/sh'], workspace: { directory: '/work', readOnly: true } }
const select = (options: ToolsOptions) => selectTools(catalog, options, grants)
const names = (options: ToolsOptions) => select(options).map(({ name }) => name)

describe('selectTools()', () => {
  const cases: [ToolsOptions, string[]][] = [
    [{}, ['pdf_fill', 'pdf_merge', 'calculator']],
    [{ include: ['pdf'] }, ['pdf_fill', 'pdf_merge']],
    [{ include: ['pdf_merge', 'calculator'] }, ['pdf_merge', 'calculator']],
    [{ include: ['*_m*'] }, ['pdf_merge']],
    [{ include: [] }, []],
    [{ exclude: ['pdf'] }, ['calculator']],
    [{ exclude: ['pdf_fill'] }, ['pdf_merge', 'calculator']],
    [{ include: ['pdf'], exclude: ['pdf_fill'] }, ['pdf_merge']],
    [{ exclude: ['*'] }, []],
    [{ exclude: ['nothing-like-it*'] }, ['pdf_fill', 'pdf_merge', 'calculator']],
    [{ activation: true }, ['activate_skill', 'read_skill_file', 'pdf_fill', 'pdf_merge', 'calculator']],
    [{ activation: true, exclude: ['read_skill_file', 'pdf'] }, ['activate_skill', 'calculator']],
    [{ activation: true, include: [] }, []],
    [{ commands: true, include: ['notes'] }, ['run_command']],
    [{ commands: true, include: [] }, []],
    [{ workspace: true, include: [] }, ['list_files', 'read_file']],
    [{ commands: true, workspace: true, exclude: ['*_file*', 'pdf'] }, ['run_command', 'calculator']],
  ]
  test.each(cases)('for %j gives %j', (options, expected) => {
    expect(names(options)).toEqual(expected)
  })

  const enums: [ToolsOptions, string[]][] = [
    [{ activation: true }, ['pdf', 'calculator', 'notes']],
    [{ activation: true, include: ['notes'] }, ['notes']],
    [{ activation: true, include: ['pdf_fill'] }, ['pdf']],
    [{ activation: true, exclude: ['pdf'] }, ['calculator', 'notes']],
  ]
  test.each(enums)('for %j lets a model activate %j', (options, expected) => {
    expect(select(options)[0]?.inputSchema).toMatchObject({ properties: { name: { enum: expected } } })
  })

  test.each([{ commands: true }, { workspace: true }])('refuses %j where nothing is granted', (options) => {
    expect(() => selectTools(catalog, options, { programs: [], workspace: undefined })).toThrow(
      expect.objectContaining({ code: 'OPTION_INVALID', hint: expect.stringContaining('SkillManager.load') }),
    )
  })

  test('takes a budget for the list of skills', () => {
    const described = (options: ToolsOptions) => select(options)[0]?.description
    expect(described({ activation: true })).toContain('- notes: About notes.')
    expect(described({ activation: { catalogCharacters: 0 } })).not.toContain('notes')
  })

  test.each([
    [{ include: ['pdf_fil'] }, 'include', 'Did you mean pdf_fill?'],
    [{ exclude: ['calculater'] }, 'exclude', 'Did you mean calculator?'],
    [{ exclude: ['zzzzzz'] }, 'exclude', 'Use * for names that may be missing.'],
  ])('refuses a name that nothing has: %j', (options, option, hint) => {
    expect(() => select(options)).toThrow(
      expect.objectContaining({ code: 'OPTION_INVALID', message: expect.stringContaining(option), hint }),
    )
  })
})
