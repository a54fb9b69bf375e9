// Every command but those that start a script: a file of its own in the build, so that `run` does not load it.
import type { CommandModule } from './command-line/spec.js'
import * as cache from './commands/cache.js'
import * as chat from './commands/chat.js'
import * as completion from './commands/completion.js'
import * as doctor from './commands/doctor.js'
import * as list from './commands/list.js'
import * as lock from './commands/lock.js'
import * as policy from './commands/policy.js'
import * as prompt from './commands/prompt.js'
import * as scan from './commands/scan.js'
import * as show from './commands/show.js'
import * as tools from './commands/tools.js'
import * as validate from './commands/validate.js'

export { commandHelp, overview } from './command-line/help.js'
export { version } from './version.js'

export const otherCommands: Readonly<Record<string, CommandModule>> = {
  list,
  show,
  tools,
  validate,
  scan,
  prompt,
  policy,
  doctor,
  lock,
  cache,
  chat,
  completion,
}
