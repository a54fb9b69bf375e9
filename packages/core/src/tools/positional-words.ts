import type { ArgumentPlan, PositionalPlan } from '../schema/argv-plan.js'
import { encodeWord, refusal, refuse } from './encode-word.js'
import { checkFilePrefix, checkNoFlag, type LineRules, looksLikeFlag } from './flag-words.js'
import { sameValue } from './same-value.js'

/** The words of a level's positionals, behind a `--` where one of them could be taken for a flag. */
export function positionalWords(
  plans: readonly ArgumentPlan[],
  args: Readonly<Record<string, unknown>>,
  rules: LineRules,
  /** Whether the flags before them would swallow them. */
  swallowed: boolean,
): string[] {
  const positionals = placed(plans, args)
  const words = positionals.flatMap(({ plan, value }) => wordsOf(plan, value, rules))
  const values = positionals.filter(({ plan }) => plan.takes !== 'rest')
  const before = values.flatMap(({ plan, value }) => wordsOf(plan, value, rules))
  const flagLike = before.find((word) => looksLikeFlag(word, rules))
  const [rest] = words.slice(before.length)
  const restName = positionals.find(({ plan }) => plan.takes === 'rest')?.plan.name ?? ''
  if (rest !== undefined && before.length === 0 && looksLikeFlag(rest, rules)) {
    throw refuse(restName, rest, 'as the first word, the script would take it for a flag')
  }
  if (flagLike === undefined && !(swallowed && words.length > 0)) return words
  if (!rules.endOfOptions) {
    const name = values.find(({ plan, value }) => wordsOf(plan, value, rules).includes(flagLike ?? ''))?.plan
      .name
    if (flagLike === undefined)
      throw refusal(`${positionals[0]?.plan.name} would be taken for more of what is before it`)
    throw refuse(name ?? '', flagLike, 'the script would take it for a flag')
  }
  return ['--', ...words]
}

/** Those that must stand on the line: all up to the last whose value is not what the script assumes. */
function placed(plans: readonly ArgumentPlan[], args: Readonly<Record<string, unknown>>) {
  const all = plans.flatMap((plan) =>
    plan.kind === 'positional'
      ? [{ plan, value: Object.hasOwn(args, plan.name) ? args[plan.name] : undefined }]
      : [],
  )
  const last = all.findLastIndex(({ plan, value }) => !isMissing(value) && !sameValue(value, plan.default))
  const needed = all.slice(0, last + 1)
  const gap = needed.find(({ plan, value }) => isMissing(value) && plan.takes === 'one')
  if (gap !== undefined) {
    throw refusal(
      `${needed.at(-1)?.plan.name} cannot be given without ${gap.plan.name}, which stands before it`,
    )
  }
  return needed.filter(({ value }) => !isMissing(value))
}

const isMissing = (value: unknown): boolean => value === undefined || value === null

function wordsOf(plan: PositionalPlan, value: unknown, rules: LineRules): string[] {
  const items: readonly unknown[] = plan.takes !== 'one' && Array.isArray(value) ? value : [value]
  return items.map((item) => {
    const word = encodeWord(item, plan)
    checkFilePrefix(plan.name, word, rules)
    if (plan.takes === 'rest') return word
    if (word === '--' && rules.endOfOptions) throw refuse(plan.name, word, 'it would end the flags')
    if (!rules.endOfOptions) checkNoFlag(plan.name, word, rules)
    return word
  })
}
