import { quote } from '../errors.js'
import type { ArgumentPlan, CommandLevel, CommandLinePlan, FlagPlan } from '../schema/argv-plan.js'
import { chosenLevels, everyLevel, type OpenLevel } from './chosen-levels.js'
import { refusal } from './encode-word.js'
import { flagWords, type LineRules } from './flag-words.js'
import { positionalWords } from './positional-words.js'
import { sameValue } from './same-value.js'

type Arguments = Readonly<Record<string, unknown>>

/** The words of the command line for arguments that fit the schema. Throws `ARGUMENTS_INVALID` with the reason. */
export function buildCommandLine(plan: CommandLinePlan, args: Arguments): string[] {
  const rules: LineRules = {
    prefixes: plan.prefixes,
    endOfOptions: plan.endOfOptions,
    ...(plan.dashIsFlag === undefined ? {} : { dashIsFlag: plan.dashIsFlag }),
    ...(plan.negativeNumbers === undefined ? {} : { negativeNumbers: plan.negativeNumbers }),
    ...(plan.filePrefixes === undefined ? {} : { filePrefixes: plan.filePrefixes }),
    flags: new Set(everyLevel(plan).flatMap(({ level }) => level.arguments.flatMap(flagOf))),
  }
  const levels = chosenLevels(plan, args)
  checkPlaced(plan, levels, args)
  return levels.flatMap((open, index) => {
    // A sub-command's own place for an argument comes after, and overrides, the one before it.
    const later = new Set(
      levels.slice(index + 1).flatMap(({ level }) => level.arguments.map(({ name }) => name)),
    )
    const own = open.level.arguments.filter(({ name }) => !later.has(name))
    checkLevel(open, own, args)
    return levelWords(open, own, args, rules)
  })
}

const flagOf = (plan: ArgumentPlan): string[] => (plan.kind === 'flag' ? [plan.flag] : [])

/** Whether the value changes anything: what the script assumes anyway is left off the line. */
export function isGiven(plan: ArgumentPlan, args: Arguments): boolean {
  const value = Object.hasOwn(args, plan.name) ? args[plan.name] : undefined
  if (value === undefined || value === null || sameValue(value, plan.default)) return false
  return plan.kind === 'positional' || value !== false || plan.takes !== 'nothing' || needsNo(plan)
}

/** Whether `false` says something to a lone flag. */
const needsNo = (plan: FlagPlan): boolean => plan.when === false || plan.default === true

function levelWords(
  open: OpenLevel,
  plans: readonly ArgumentPlan[],
  args: Arguments,
  rules: LineRules,
): string[] {
  const given = plans.filter((plan) => isGiven(plan, args))
  const groups = groupFlags(given).map((group) => ({ ...wordsOfGroup(group, args, rules) }))
  // One that swallows what follows goes first, so that another flag stops it.
  groups.sort((a, b) => Number(b.greedy) - Number(a.greedy))
  const flags = groups.flatMap(({ words }) => words)
  const swallows = groups.findLast(({ words }) => words.length > 0)?.greedy ?? false
  const first = plans.find((plan) => plan.kind === 'positional' || isGiven(plan, args))
  const leads = first?.kind === 'positional'
  const positionals = positionalWords(plans, args, rules, swallows && !leads)
  if (swallows && (leads || positionals.length === 0) && open.command !== undefined) {
    throw refusal(
      `${groups.at(-1)?.name} would swallow the ${open.choice}; give it one item, or another argument as well`,
    )
  }
  const line = leads ? [...positionals, ...flags] : [...flags, ...positionals]
  return open.command === undefined ? line : [...line, open.command]
}

/** Flags of one argument together: its value decides which of them is used. */
function groupFlags(plans: readonly ArgumentPlan[]): FlagPlan[][] {
  const groups = new Map<string, FlagPlan[]>()
  for (const plan of plans) {
    if (plan.kind === 'flag') groups.set(plan.name, [...(groups.get(plan.name) ?? []), plan])
  }
  return [...groups.values()]
}

function wordsOfGroup(group: readonly FlagPlan[], args: Arguments, rules: LineRules) {
  const name = group[0]?.name ?? ''
  const value = args[name]
  if (group.every(({ each, takes }) => each === true && takes === 'nothing') && Array.isArray(value)) {
    // The order of the items is the order of their flags.
    const words = value.flatMap((item: unknown) => [...firstWords(group, [item], rules, name).words])
    return { name, words, greedy: false }
  }
  return { name, ...firstWords(group, value, rules, name) }
}

function firstWords(group: readonly FlagPlan[], value: unknown, rules: LineRules, name: string) {
  const lone = group.filter(({ takes }) => takes === 'nothing')
  for (const plan of [...lone, ...group.filter(({ takes }) => takes !== 'nothing')]) {
    const found = flagWords(plan, value, rules)
    if (found.words.length > 0 || plan.takes !== 'nothing') return found
  }
  throw refusal(`${name} cannot be given as ${quote(value)}: the script has no flag that says so`)
}

function checkLevel({ level, command }: OpenLevel, plans: readonly ArgumentPlan[], args: Arguments): void {
  const given = new Set(plans.filter((plan) => isGiven(plan, args)).map(({ name }) => name))
  for (const plan of plans) {
    if (plan.required === true && (args[plan.name] === undefined || args[plan.name] === null)) {
      throw refusal(`${plan.name} is missing, which is needed here`)
    }
  }
  for (const { names, required } of level.exclusive ?? []) {
    const chosen = names.filter((name) => given.has(name) || (command === name && args[name] !== undefined))
    if (chosen.length > 1) throw refusal(`${chosen.join(' and ')} exclude each other: give only one of them`)
    if (required && chosen.length === 0) throw refusal(`one of ${names.join(', ')} is needed`)
  }
}

/** Refuses an argument of a sub-command that was not chosen. */
function checkPlaced(plan: CommandLinePlan, levels: readonly OpenLevel[], args: Arguments): void {
  const chosen = new Set(levels.flatMap(({ level }) => namesOf(level)))
  for (const { path, level } of everyLevel(plan)) {
    for (const argument of level.arguments) {
      if (chosen.has(argument.name) || !isGiven(argument, args)) continue
      const others = everyLevel(plan).filter((other) => namesOf(other.level).includes(argument.name))
      if (
        others.some((other) =>
          other.level.arguments.some((same) => same.name === argument.name && !isGiven(same, args)),
        )
      )
        continue
      throw refusal(`${argument.name} belongs to ${path.join(' ')}, which is not what was chosen`)
    }
  }
}

const namesOf = (level: CommandLevel): string[] => [
  ...level.arguments.map(({ name }) => name),
  ...(level.commands === undefined ? [] : [level.commands.name]),
]
