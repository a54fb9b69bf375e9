import type { Parameter, ScriptInterface } from '../parameter.js'
import type { ScriptSource, SourceFile } from '../script-source.js'
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

/** The words of the script's usage line: in its docstring, its comments, any text of its code, or an example of the skill. */
export function usageOf(script: ScriptSource, files: readonly SourceFile[]): readonly UsageWord[] {
  for (const text of usageTexts(script, files)) {
    const words = usageWords(text, script.path)
    if (words !== undefined && words.length > 0) return words
  }
  return exampleWords(script)
}

function* usageTexts(script: SourceFile, files: readonly SourceFile[]): Iterable<string> {
  const doc = docstring(script)
  if (doc !== undefined) yield doc
  const comments = script.root.children.filter(({ type }) => type === 'comment').slice(0, 100)
  yield comments.map(({ text }) => text.replace(/^#+ ?/, '')).join('\n')
  for (const { root } of files.slice(0, 3)) {
    for (const node of root.find('string')) {
      if (!/usage/i.test(node.text)) continue
      const { parts } = stringParts(node)
      yield parts.map((part) => (typeof part === 'string' ? part : `{${part.parts[0]?.text ?? ''}}`)).join('')
    }
  }
}

/** What `python scripts/x.py report.pdf` in `SKILL.md` calls the words; it does not tell which of them are needed. */
function exampleWords({ path, skill }: ScriptSource): UsageWord[] {
  const base = path.slice(path.lastIndexOf('/') + 1)
  for (const line of skill.body.slice(0, 200_000).split('\n')) {
    if (!line.includes(`${base} `)) continue
    const words = usageWords(`usage: ${line.replaceAll('`', '').trim()}`, path) ?? []
    if (words.length > 0) return words.map((word) => ({ ...word, optional: true }))
  }
  return []
}
