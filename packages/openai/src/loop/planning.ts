import type { LoopCall, PlanTask } from './chat-message.js'
import type { RequestTool } from './context.js'
import { parseObject } from './parse-object.js'

const statuses = ['open', 'doing', 'done'] as const
const MAX_TASKS = 50

/** The tool through which a model gives its plan, and ticks its tasks off. */
export const planTool: RequestTool = {
  type: 'function',
  function: {
    name: 'update_plan',
    description:
      'Gives the user your plan: all tasks of it, in order. Call it before any other tool, and again whenever a task is begun or done.',
    parameters: {
      type: 'object',
      properties: {
        tasks: {
          type: 'array',
          minItems: 1,
          maxItems: MAX_TASKS,
          items: {
            type: 'object',
            properties: {
              title: { type: 'string', description: 'What is to be done, in a few words' },
              status: { type: 'string', enum: [...statuses] },
            },
            required: ['title', 'status'],
            additionalProperties: false,
          },
        },
      },
      required: ['tasks'],
      additionalProperties: false,
    },
  },
}

export const PLAN_PROMPT =
  'First give a plan with update_plan: the few tasks that lead to the goal. Then do them one after the other, and update the plan with each that is done. Where one answer is all that is wanted, and no tool, answer without a plan.'

const PLAN_WANTED =
  '<skilllite>Nothing was run. First give your plan with update_plan, then call this again.</skilllite>'

/** What a call is answered with, without anything being run. */
export interface ToldCall {
  readonly call: LoopCall
  readonly content: string
  readonly isError: boolean
}

/** Keeps the plan of one run. */
export class PlanKeeper {
  tasks: readonly PlanTask[] | undefined
  /** Whether the last {@link PlanKeeper.take} brought a new plan, or changes. */
  isNew = false
  #wasAskedFor = false

  constructor(private readonly enabled: boolean) {}

  /** Answers the calls that are about the plan; where there should be one first, all others too. */
  take(calls: readonly LoopCall[]): {
    readonly told: readonly ToldCall[]
    readonly rest: readonly LoopCall[]
  } {
    this.isNew = false
    if (!this.enabled) return { told: [], rest: calls }
    const isPlan = ({ name }: LoopCall) => name === planTool.function.name
    const told = calls.filter(isPlan).map((call) => this.#read(call))
    const rest = calls.filter((call) => !isPlan(call))
    // asked for once: a model that will not plan may still do its work
    if (this.tasks !== undefined || this.#wasAskedFor || rest.length === 0) return { told, rest }
    this.#wasAskedFor = true
    return {
      told: [...told, ...rest.map((call) => ({ call, content: PLAN_WANTED, isError: true }))],
      rest: [],
    }
  }

  #read(call: LoopCall): ToldCall {
    const read = readPlan(call.arguments)
    if ('problem' in read) {
      return {
        call,
        content: `<skilllite>The plan was not taken: ${read.problem}.</skilllite>`,
        isError: true,
      }
    }
    this.tasks = read.tasks
    this.isNew = true
    return { call, content: '<skilllite>The plan is shown to the user.</skilllite>', isError: false }
  }
}

/** What the model gave as its plan, or what is wrong with it, in words for the model. */
function readPlan(text: string): { readonly tasks: readonly PlanTask[] } | { readonly problem: string } {
  const tasks = parseObject(text)?.tasks
  if (!Array.isArray(tasks) || tasks.length === 0 || tasks.length > MAX_TASKS) {
    return { problem: `tasks must be a list of 1 to ${MAX_TASKS} tasks` }
  }
  const read = tasks.map(readTask)
  if (read.every((task) => task !== undefined)) return { tasks: read }
  return { problem: `each task must be { "title": text, "status": one of ${statuses.join(', ')} }` }
}

function readTask(value: unknown): PlanTask | undefined {
  const { title, status = 'open' } = (value ?? {}) as { title?: unknown; status?: unknown }
  const known = statuses.find((name) => name === status)
  return typeof title === 'string' && known !== undefined ? { title, status: known } : undefined
}
