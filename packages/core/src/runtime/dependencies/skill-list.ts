import type { SkillInfo } from '../../skill/skill-info.js'

const names = { python: /^py/i, node: /^(node|js|javascript|ts|typescript)/i } as const

/**
 * The `dependencies` of SKILL.md, where they are meant for scripts of that language: of the language that the skill
 * declares, else of the only one that it has, else of Python.
 */
export function dependenciesOfSkill(
  { runtime, scripts }: SkillInfo,
  language: 'python' | 'node',
): readonly string[] {
  const declared = runtime.language
  const isMeant =
    declared === undefined
      ? language === 'python' || scripts.every((script) => script.language !== 'python')
      : names[language].test(declared)
  return isMeant ? (runtime.dependencies ?? []) : []
}
