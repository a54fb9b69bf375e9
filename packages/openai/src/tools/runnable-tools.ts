import { quote, type SkillManager } from '@skilllite/core'
import { callAnswerer, type HandleOptions } from './call-answerer.js'
import { type ChatTool, type GetToolsOptions, getTools } from './get-tools.js'

/** A tool that `client.chat.completions.runTools` calls by itself. */
export interface RunnableTool {
  type: 'function'
  function: ChatTool['function'] & {
    /** Answers a call, given the JSON text of its arguments. */
    function: (args: string) => Promise<string>
  }
}

/** Which tools to offer, and how their calls are run. */
export interface RunnableToolsOptions
  extends Omit<GetToolsOptions, 'api'>,
    Omit<HandleOptions, 'otherTools' | 'concurrency' | 'programs'> {}

/**
 * The tools for `tools` of `client.chat.completions.runTools`. The text of the arguments goes to the engine as it is,
 * without a `parse` of the helper's: so a model that writes malformed JSON is told by the engine what is wrong with it.
 */
export function runnableTools(manager: SkillManager, options: RunnableToolsOptions = {}): RunnableTool[] {
  const { strict, activation, ...handle } = options
  const { include, exclude, commands, workspace } = handle
  const answerer = callAnswerer(manager, handle)
  const offered = {
    ...(include === undefined ? {} : { include }),
    ...(exclude === undefined ? {} : { exclude }),
    ...(commands === undefined ? {} : { commands }),
    ...(workspace === undefined ? {} : { workspace }),
    ...(strict === undefined ? {} : { strict }),
    ...(activation === undefined ? {} : { activation }),
  }
  let count = 0
  return getTools(manager, offered).map((tool) => {
    const { name } = tool.function
    const run = (args: string): Promise<string> =>
      // The helper keeps the id of a call to itself.
      answerer.tool({ id: `${quote(name)} ${++count}`, name, arguments: args, kind: 'function' })
    return { type: 'function', function: { ...tool.function, function: run } }
  })
}
