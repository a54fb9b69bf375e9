import type { ParsedArguments } from '../command-line/spec.js'
import { UsageError } from '../command-line/usage-error.js'
import { bashScript } from '../completion/bash.js'
import { fishScript } from '../completion/fish.js'
import { zshScript } from '../completion/zsh.js'
import { ExitCode } from '../exit-codes.js'
import { loadManager, loadOptions } from '../skills/skill-source.js'
import { writeStdout } from '../terminal/output.js'

/** `skilllite completion SHELL`. */
export async function command(parsed: ParsedArguments): Promise<number> {
  writeStdout(await scriptFor(parsed))
  return ExitCode.ok
}

async function scriptFor(parsed: ParsedArguments): Promise<string> {
  const [shell] = parsed.operands
  switch (shell) {
    case 'bash':
      return bashScript()
    case 'zsh':
      return zshScript()
    case 'fish':
      return fishScript()
    case 'names':
      return skillNames(parsed)
    default:
      throw new UsageError(
        `No completion for ${JSON.stringify(shell)}.`,
        'There is one for bash, zsh and fish.',
      )
  }
}

/** Names only of harmless characters: a shell expands what it completes, and a name is a stranger's text. */
async function skillNames(parsed: ParsedArguments): Promise<string> {
  // a press of the tab key must not run the code of a configuration
  const { skills } = await loadManager({ ...loadOptions(parsed, process.env), config: false }, [])
  const names = skills.map((skill) => skill.name).filter((name) => /^[\p{L}\p{N}-]+$/u.test(name))
  return names.map((name) => `${name}\n`).join('')
}
