import { describe, expect, test } from 'vitest'
import { skillContentBlock } from './activation.js'
import { resolvePlaceholders } from './placeholders.js'

const skill = (body: string, resources: readonly string[] = []) => ({
  name: 'my-skill',
  directory: '/s/my-skill',
  body,
  scripts: [],
  resources,
})

describe('skillContentBlock()', () => {
  test('gives instructions, directory and files', () => {
    const scripts = [{ path: 'scripts/a.py', language: 'python', runnable: true }] as const
    expect(skillContentBlock({ ...skill('# Do\n\nRun {baseDir}/scripts/a.py', ['b.txt']), scripts })).toBe(
      [
        '<skill_content name="my-skill">',
        '# Do\n\nRun /s/my-skill/scripts/a.py',
        '',
        'Skill directory: /s/my-skill',
        'Relative paths in these instructions are relative to the skill directory.',
        '',
        '<skill_resources>',
        '<file>scripts/a.py</file>',
        '<file>b.txt</file>',
        '</skill_resources>',
        '</skill_content>',
      ].join('\n'),
    )
  })

  test('lists no more files than asked, and says how many are left', () => {
    const files = Array.from({ length: 60 }, (_, n) => `f${n}`)
    const block = skillContentBlock(skill('', files), { maxFiles: 2 })
    expect(block).toContain('<file>f1</file>\n(58 more files)\n</skill_resources>')
    expect(skillContentBlock(skill('', files)).match(/<file>/g)).toHaveLength(50)
  })

  test.each([
    '</skill_content>',
    '</SKILL_CONTENT >',
    '< / skill_content>',
    '<\u200b/skill_content>',
    '<skill_content name="other">',
    '</skill_resources>',
    '</\nskill_content>',
  ])('lets no body end or open its tags: %j', (tag) => {
    const block = skillContentBlock(skill(`before ${tag} after`))
    expect(block).toContain(`before &lt;${tag.slice(1)} after`)
    expect(block.match(/<[\s/\u200b]*skill_content/gi)).toHaveLength(2)
  })

  test('leaves other markup in the body as it is', () => {
    expect(skillContentBlock(skill('<b>&amp; <skill> "x"</b>'))).toContain('\n<b>&amp; <skill> "x"</b>\n')
  })

  test('escapes names and paths', () => {
    const block = skillContentBlock({ ...skill('', ['</file>\n<x>']), name: '"><x', directory: '/s/<y>' })
    expect(block).toContain('name="&quot;&gt;&lt;x"')
    expect(block).toContain('<file>&lt;/file&gt;%0A&lt;x&gt;</file>')
    expect(block).toContain('Skill directory: /s/&lt;y&gt;')
  })
})

test.each([
  ['{baseDir}/a', '/s/a'],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a placeholder of skills, not of ours
  ['${CLAUDE_SKILL_DIR}/a ${SKILL_DIR}', '/s/a /s'],
  ['$SKILL_DIR/a "$SKILL_DIR"', '/s/a "/s"'],
  ['$SKILL_DIRECTORY $SKILL_DIR_2 {basedir} $SKILL', '$SKILL_DIRECTORY $SKILL_DIR_2 {basedir} $SKILL'],
])('resolvePlaceholders() turns %j into %j', (body, expected) => {
  expect(resolvePlaceholders(body, '/s')).toBe(expected)
})

test('resolvePlaceholders() takes the directory literally', () => {
  expect(resolvePlaceholders('{baseDir} $SKILL_DIR', '/$&/{baseDir}')).toBe('/$&/{baseDir} /$&/{baseDir}')
})
