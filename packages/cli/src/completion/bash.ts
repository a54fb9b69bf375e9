import { commands, globalOptions } from '../command-line/commands.js'
import type { CommandSpec, OptionSpec } from '../command-line/spec.js'

/** The completion script for bash, made from the command table. */
export function bashScript(): string {
  const words = [
    ...commands.map((command) => command.name),
    ...globalOptions.map((option) => `--${option.name}`),
  ]
  return `# bash completion for skilllite. Use: source <(skilllite completion bash)
_skilllite() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]}
  local IFS=$'\\n'
  COMPREPLY=()
  if (( COMP_CWORD == 1 )); then
    COMPREPLY=($(compgen -W ${list(words)} -- "$cur"))
    return
  fi
  case \${COMP_WORDS[1]} in
${commands.map(caseOf).join('\n')}
  esac
}
complete -o filenames -F _skilllite skilllite
`
}

function caseOf(command: CommandSpec): string {
  const values = command.options.flatMap((option) => {
    const words = valueWords(option)
    return words === undefined ? [] : [`        --${option.name}) ${words}; return ;;`]
  })
  const names = list(command.options.map((option) => `--${option.name}`))
  return `    ${command.name})
      case $prev in
${values.join('\n')}
      esac
      if [[ $cur == -* ]]; then COMPREPLY=($(compgen -W ${names} -- "$cur")); return; fi
      ${operandWords(command)} ;;`.replace('      case $prev in\n\n      esac\n', '')
}

function valueWords(option: OptionSpec): string | undefined {
  if (option.choices !== undefined) return reply(`-W ${list(option.choices)}`)
  if (option.completes === 'directory') return reply('-d')
  if (option.completes === 'file') return reply('-f')
  if (option.completes === 'program') return reply('-c')
  return option.value === undefined ? undefined : ':'
}

function operandWords(command: CommandSpec): string {
  if (typeof command.completes === 'object') return reply(`-W ${list(command.completes)}`)
  if (command.completes === 'directory') return reply('-d')
  if (command.completes === 'skill') {
    return `COMPREPLY=($(compgen -W "$(skilllite completion names 2>/dev/null)" -- "$cur") $(compgen -d -- "$cur"))`
  }
  return ':'
}

function reply(action: string): string {
  return `COMPREPLY=($(compgen ${action} -- "$cur"))`
}

/** Separated by newlines, as IFS says, so that directories with spaces stay whole. */
function list(words: readonly string[]): string {
  return `$'${words.join('\\n')}'`
}
