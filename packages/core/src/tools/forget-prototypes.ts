import type { CommandLevel } from '../schema/argv-plan.js'
import type { InferredInterface } from '../schema/inference.js'

/** For what was copied as data: names from a stranger's code are keys here, and may be those of inherited properties. */
export function forgetPrototypes({
  inputSchema,
  argvPlan,
}: Pick<InferredInterface, 'inputSchema' | 'argvPlan'>): void {
  forgetPrototype(inputSchema.properties)
  if (argvPlan.kind === 'command-line') forgetInCommands(argvPlan)
}

function forgetInCommands({ commands }: CommandLevel): void {
  if (commands === undefined) return
  forgetPrototype(commands.choices)
  for (const level of Object.values(commands.choices)) forgetInCommands(level)
}

function forgetPrototype(names: unknown): void {
  if (typeof names === 'object' && names !== null) Object.setPrototypeOf(names, null)
}
