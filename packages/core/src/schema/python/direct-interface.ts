import type { Parameter, ScriptInterface } from '../parameter.js'
import type { SourceFile } from '../script-source.js'
import { argvInterface } from './argv/argv-interface.js'
import { docstring, type ScriptReading } from './read-script.js'
import { jsonInterface, memberParameter } from './stdin/stdin-interface.js'
import { stringParts } from './string-literal.js'
import { type UsageWord, usageWords } from './usage-line.js'

/** What a script takes that uses no parser: `sys.argv`, stdin, both, or nothing at all. */
export function directInterface(
  reading: ScriptReading,
  usage: readonly UsageWord[],
): ScriptInterface | undefined {
  const argv = argvInterface(reading.argv, usage)
  const json = jsonInterface(reading.json)
  if (argv !== undefined && json !== undefined && argv.parameters.length > 0) return withJson(argv, reading)
  if (json !== undefined) return json
  if (reading.stdin !== undefined) return withText(argv ?? nothing(), reading.stdin)
  if (argv !== undefined) return argv
  // It was followed to its end and looked at no argument: it takes none.
  return looksAtNothing(reading) ? nothing() : undefined
}

/** Libraries that read the command line for a script. */
const parsers =
  /^\s*(?:from|import)\s+(?:absl|tyro|cyclopts|plac|hydra|jsonargparse|clize|tap|simple_parsing|invoke|cleo|cliff|docopt|fire|typer|r?i?c?h?_?click|traitlets|defopt)\b/m

/** Whether the code was followed to its end, and nothing there can take an argument. */
function looksAtNothing({ ended, argv, calls, files }: ScriptReading): boolean {
  if (ended !== undefined || argv.used || calls.length > 0) return false
  return files.every(({ text, root }) => {
    const damaged = root.find('ERROR').next().done !== true
    return !damaged && !parsers.test(text) && !/\bsys\.(?:argv|stdin)\b/.test(text)
  })
}

const nothing = (): ScriptInterface => ({ kind: 'argv', parameters: [], prefixes: '', endOfOptions: false })

function withJson(argv: ScriptInterface, { json }: ScriptReading): ScriptInterface {
  const taken = new Set(argv.parameters.map(({ name }) => name))
  const members = [...json.members.values()]
    .map(memberParameter)
    .filter(({ name }) => !taken.has(name))
    // The command line may make stdin unneeded.
    .map((member): Parameter => ({ ...member, kind: 'stdin-json', required: false }))
  const names = members.map(({ name }) => name)
  return { ...argv, parameters: [...argv.parameters, ...members], stdin: { kind: 'json', names } }
}

function withText(
  argv: ScriptInterface,
  { file, line }: { readonly file: string; readonly line: number },
): ScriptInterface {
  const name = argv.parameters.some((parameter) => parameter.name === 'stdin') ? 'stdin_text' : 'stdin'
  const alone = argv.parameters.length === 0
  const text: Parameter = {
    ...{ name, type: 'string', required: alone, file, line, places: [], kind: 'stdin-text' },
    description: 'Text for the standard input of the script.',
  }
  return {
    ...argv,
    ...(alone ? { kind: 'stdin-text' as const } : {}),
    parameters: [...argv.parameters, text],
    stdin: { kind: 'text', name },
  }
}

/** The words of the script's usage line, from its docstring or from any text in its code. */
export function usageOf(script: SourceFile, files: readonly SourceFile[]): readonly UsageWord[] {
  const doc = docstring(script)
  const found = doc === undefined ? undefined : usageWords(doc, script.path)
  if (found !== undefined && found.length > 0) return found
  for (const { root } of files.slice(0, 3)) {
    for (const node of root.find('string')) {
      if (!/usage/i.test(node.text)) continue
      const text = stringParts(node)
        .parts.map((part) => (typeof part === 'string' ? part : `{${part.parts[0]?.text ?? ''}}`))
        .join('')
      const words = usageWords(text, script.path)
      if (words !== undefined && words.length > 0) return words
    }
  }
  return found ?? []
}
