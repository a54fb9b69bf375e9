import type { CommandLinePlan, FlagPlan } from '../schema/argv-plan.js'
import { encodeWord, refuse } from './encode-word.js'
import { sameValue } from './same-value.js'

/** What of the plan decides whether a word would be taken for a flag. */
export type LineRules = Pick<
  CommandLinePlan,
  'prefixes' | 'endOfOptions' | 'dashIsFlag' | 'negativeNumbers' | 'filePrefixes'
> & {
  /** Every flag of the script. */
  readonly flags: ReadonlySet<string>
}

/** The words for one flag, and whether it would also swallow the words after it. */
export interface FlagWords {
  readonly words: readonly string[]
  readonly greedy: boolean
}

const NOTHING: FlagWords = { words: [], greedy: false }

/** Whether the script's parser could take the word for a flag. A prefix alone (`-`) is a value by old custom. */
export function looksLikeFlag(word: string, rules: Pick<LineRules, 'prefixes' | 'dashIsFlag'>): boolean {
  return word.length > (rules.dashIsFlag === true ? 0 : 1) && rules.prefixes.includes(word.charAt(0))
}

/** The words that give a flag its value; none where the flag stands for another value. */
export function flagWords(plan: FlagPlan, value: unknown, rules: LineRules): FlagWords {
  const items = plan.each === true && Array.isArray(value) ? added(plan, value) : [value]
  const all = items.map((item) => oneFlag(plan, item, rules))
  return { words: all.flatMap(({ words }) => words), greedy: all.at(-1)?.greedy ?? false }
}

function oneFlag(plan: FlagPlan, value: unknown, rules: LineRules): FlagWords {
  switch (plan.takes) {
    case 'nothing':
      return sameValue(value, plan.when) ? { words: [plan.flag], greedy: false } : NOTHING
    case 'count':
      return { words: Array.from({ length: times(plan, value) }, () => plan.flag), greedy: false }
    case 'one':
      return { words: withValue(plan, encodeWord(value, plan), rules), greedy: false }
    case 'many':
      return withItems(plan, Array.isArray(value) ? value : [value], rules)
  }
}

const MAX_COUNT = 1_000

function times(plan: FlagPlan, value: unknown): number {
  const base = plan.adds === true && typeof plan.default === 'number' ? plan.default : 0
  const count = Number(value) - base
  if (Number.isInteger(count) && count >= 0 && count <= MAX_COUNT) return count
  throw refuse(plan.name, value, `it must be a whole number from ${base} to ${base + MAX_COUNT}`)
}

/** The items beyond those that the script has in any case. */
function added(plan: FlagPlan, items: readonly unknown[]): readonly unknown[] {
  if (plan.adds !== true || !Array.isArray(plan.default)) return items
  const base: readonly unknown[] = plan.default
  if (sameValue(items.slice(0, base.length), base)) return items.slice(base.length)
  throw refuse(plan.name, items, `the script always begins with ${JSON.stringify(base)}; begin with that too`)
}

function withItems(plan: FlagPlan, value: readonly unknown[], rules: LineRules): FlagWords {
  const words = (plan.each === true ? value : added(plan, value)).map((item) => encodeWord(item, plan))
  const [only] = words
  if (words.length === 0 && value.length > 0) return NOTHING
  if (words.length === 1 && only !== undefined && plan.form === 'auto' && plan.exactly === undefined) {
    return { words: [joined(plan.flag, only, rules, plan.name)], greedy: false }
  }
  for (const word of words) {
    if (looksLikeFlag(word, rules) && !isPlainNumber(word, rules)) {
      throw refuse(plan.name, word, `${plan.flag} would take it for a flag; it can only be given alone`)
    }
    checkFilePrefix(plan.name, word, rules)
  }
  return { words: [plan.flag, ...words], greedy: plan.exactly === undefined }
}

function withValue(plan: FlagPlan, word: string, rules: LineRules): readonly string[] {
  if (plan.form === 'joined') return [joined(plan.flag, word, rules, plan.name)]
  if (plan.form === 'auto') {
    return looksLikeFlag(word, rules) || startsFile(word, rules)
      ? [joined(plan.flag, word, rules, plan.name)]
      : [plan.flag, word]
  }
  checkNoFlag(plan.name, word, rules)
  return [plan.flag, word]
}

/** `--name=value`, `-nvalue`. */
function joined(flag: string, word: string, rules: LineRules, name: string): string {
  if (word === '--' && rules.endOfOptions) throw refuse(name, word, 'it would end the flags')
  return flag.length > 2 ? `${flag}=${word}` : `${flag}${word}`
}

/** Refuses a value that is spelled as one of the script's own flags, where nothing keeps the two apart. */
export function checkNoFlag(name: string, word: string, { flags }: LineRules): void {
  const spelled = word.split('=', 1)[0] ?? word
  if (flags.has(word) || flags.has(spelled))
    throw refuse(name, word, `the script would take it for its flag ${spelled}`)
}

/** Refuses a value that the script would replace with what is in a file. */
export function checkFilePrefix(name: string, word: string, rules: LineRules): void {
  if (startsFile(word, rules))
    throw refuse(name, word, 'the script would read further arguments from that file')
}

const startsFile = (word: string, { filePrefixes = '' }: LineRules): boolean =>
  word !== '' && filePrefixes.includes(word.charAt(0))

const isPlainNumber = (word: string, { negativeNumbers }: LineRules): boolean =>
  negativeNumbers === true && /^-(\d+|\d*\.\d+)$/.test(word)
