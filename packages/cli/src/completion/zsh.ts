import { commands, globalOptions } from '../command-line/commands.js'
import type { CommandSpec, OptionSpec } from '../command-line/spec.js'

/** The completion script for zsh, made from the command table. */
export function zshScript(): string {
  return `#compdef skilllite
# zsh completion for skilllite. Use: source <(skilllite completion zsh)
_skilllite_skills() {
  local -a names
  names=(\${(f)"$(skilllite completion names 2>/dev/null)"})
  compadd -a names
  _files -/
}
_skilllite() {
  local -a commands
  commands=(
${commands.map((command) => `    ${quoted(`${command.name}:${command.about}`)}`).join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    _arguments ${globalOptions.map(argument).join(' ')}
    return
  fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
${commands.map(caseOf).join('\n')}
  esac
}
if [ "$funcstack[1]" = "_skilllite" ]; then _skilllite "$@"; else compdef _skilllite skilllite; fi
`
}

function caseOf(command: CommandSpec): string {
  const { completes = 'none' } = command
  const places = {
    skill: `'*:skill:_skilllite_skills'`,
    directory: `'*:directory:_files -/'`,
    none: '',
  }
  const operands =
    typeof completes === 'string' ? places[completes] : `'1:${command.name}:(${completes.join(' ')})'`
  return `    ${command.name}) _arguments ${[...command.options.map(argument), operands].join(' ').trimEnd()} ;;`
}

function argument(option: OptionSpec): string {
  const about = option.about.replace(/[[\]:\\]/g, '\\$&')
  const many = option.repeatable === true ? '*' : ''
  if (option.value === undefined) return quoted(`${many}--${option.name}[${about}]`)
  const values = { file: '_files', directory: '_files -/', program: '_command_names', none: ' ' }
  const action =
    option.choices === undefined ? values[option.completes ?? 'none'] : `(${option.choices.join(' ')})`
  return quoted(`${many}--${option.name}[${about}]:${option.name}:${action}`)
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
