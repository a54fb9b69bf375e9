import { escapeMarkup, escapePath } from './escape.js'
import { resolvePlaceholders } from './placeholders.js'
import type { SkillInfo } from './skill-info.js'

/**
 * What a model is given when it activates a skill: the instructions, the skill directory, and the skill's files. The instructions
 * are a stranger's text, so tags in them that look like this block's own are escaped: they cannot end it early.
 */
export function skillContentBlock(
  skill: Pick<SkillInfo, 'name' | 'directory' | 'body' | 'scripts' | 'resources'>,
  options: {
    /** Lists no more files than this; the block says how many it left out. @default 50 */
    readonly maxFiles?: number
  } = {},
): string {
  const { maxFiles = 50 } = options
  const files = [...skill.scripts.map((script) => script.path), ...skill.resources]
  const shown = files.slice(0, maxFiles).map((file) => `<file>${escapePath(file)}</file>`)
  if (files.length > shown.length) shown.push(`(${files.length - shown.length} more files)`)
  const list = files.length > 0 ? ['', '<skill_resources>', ...shown, '</skill_resources>'] : []
  return [
    `<skill_content name="${escapeMarkup(skill.name)}">`,
    defuse(resolvePlaceholders(skill.body, skill.directory)),
    '',
    `Skill directory: ${escapePath(skill.directory)}`,
    'Relative paths in these instructions are relative to the skill directory.',
    ...list,
    '</skill_content>',
  ].join('\n')
}

// Any space, slash or invisible character between `<` and the name: a model reads those as the tag, too.
const ownTag = /<(?=[\s/\p{Cf}]{0,16}skill_(?:content|resources))/giu

/** Only this block's tags: other markup in instructions is meant as it stands. */
function defuse(body: string): string {
  return body.replace(ownTag, '&lt;')
}
