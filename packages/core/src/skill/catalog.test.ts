import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { availableSkillsBlock } from './catalog.js'

const entry = (name: string, description: string) => ({ name, description, file: `/s/${name}/SKILL.md` })

describe('availableSkillsBlock()', () => {
  test('escapes markup and line breaks in a path', () => {
    const file = '/s/</location>&\n<skill>"\'/SKILL.md'
    expect(availableSkillsBlock([{ name: 'a', description: 'd', file }]).text).toContain(
      '<location>\n/s/&lt;/location&gt;&amp;%0A&lt;skill&gt;"\'/SKILL.md\n</location>',
    )
  })

  test('leaves everything as it is within its budget', () => {
    const skills = [entry('a', 'x'.repeat(100))]
    const { text } = availableSkillsBlock(skills)
    expect(availableSkillsBlock(skills, { maxCharacters: text.length })).toEqual({
      text,
      shortened: [],
      omitted: [],
    })
  })

  test('cuts the longest descriptions first, and says which', () => {
    const skills = [entry('a', 'x'.repeat(1_000)), entry('b', 'short'), entry('c', 'y'.repeat(500))]
    const { text, shortened, omitted } = availableSkillsBlock(skills, { maxCharacters: 1_200 })
    expect({ shortened, omitted }).toEqual({ shortened: ['a', 'c'], omitted: [] })
    expect(text.length).toBeLessThanOrEqual(1_200)
    expect(text.length).toBeGreaterThan(1_190)
    expect(text).toMatch(/\nx+…\n/)
    expect(text).toContain('\nshort\n')
  })

  test('leaves out skills at the end when cutting is not enough, and says which', () => {
    const skills = ['a', 'b', 'c'].map((name) => entry(name, 'x'.repeat(100)))
    const { text, shortened, omitted } = availableSkillsBlock(skills, { maxCharacters: 400 })
    expect({ shortened, omitted }).toEqual({ shortened: ['a', 'b'], omitted: ['c'] })
    expect(text.length).toBeLessThanOrEqual(400)
  })

  test('keeps to any budget that has room for the empty block, with every tag closed', () => {
    const text = fc.string({ unit: fc.constantFrom('a', '<', '&', '"', '😀', ' ', 'b') })
    const skills = fc.array(
      fc.tuple(text, text).map(([name, description]) => entry(name, description)),
      { maxLength: 6 },
    )
    fc.assert(
      fc.property(skills, fc.integer({ min: 38, max: 1_500 }), (list, maxCharacters) => {
        const block = availableSkillsBlock(list, { maxCharacters })
        expect(block.text.length).toBeLessThanOrEqual(maxCharacters)
        expect(block.text.match(/<skill>/g)?.length ?? 0).toBe(list.length - block.omitted.length)
        expect(
          block.text.replace(/<\/?(?:available_skills|skill|name|description|location)>/g, ''),
        ).not.toMatch(/[<>]/)
        expect(block.text).not.toMatch(/&(?!(?:amp|lt|gt|quot|#x27);)/)
      }),
      { numRuns: 300 },
    )
  })
})
