import type { Parameter, ScriptInterface, ValueType } from './parameter.js'
import type { ScriptSource } from './script-source.js'
import { type ExampleCommand, exampleCommands } from './skill-examples.js'
import { propertyName } from './usage-text.js'

/** Lets examples in `SKILL.md` name what the code only takes by its place, and the members of the JSON on stdin. */
export function applyExamples(found: ScriptInterface, script: ScriptSource): ScriptInterface {
  const nameless = found.parameters.some(({ name, places }) => PLACE_NAME.test(name) && places.length > 0)
  const open = found.wholeStdin === true && found.parameters.length === 0
  if (!nameless && !open) return found
  const examples = exampleCommands(script.skill.body, script.path)
  if (open) {
    const members = stdinMembers(examples, script)
    return members.length === 0 ? found : { ...found, parameters: members, open: true }
  }
  const names = new Set(found.parameters.map(({ name }) => name))
  let place = -1
  return {
    ...found,
    parameters: found.parameters.map((parameter) => {
      if (!parameter.places.some(({ kind }) => kind === 'positional')) return parameter
      place++
      if (!PLACE_NAME.test(parameter.name)) return parameter
      const name = examples
        .map(({ words }) => placeholder(valueWords(words)[place]))
        .find((one) => one !== undefined)
      if (name === undefined || names.has(name)) return parameter
      names.add(name)
      return { ...parameter, name }
    }),
  }
}

const PLACE_NAME = /^(arg\d*|args|argv)$/

/** The words that are no flags, nor what seems to be the value of one. */
function valueWords(words: readonly string[]): string[] {
  return words.filter((word, index) => !word.startsWith('-') && !/^--[\w-]+$/.test(words[index - 1] ?? ''))
}

/** The name in `<input>`, `[output]`, `{query}`, `$FILE` or `INPUT_FILE`. */
function placeholder(word: string | undefined): string | undefined {
  const inner =
    /^(?:<([\w .-]+)>|\[([\w .-]+)\]|\{+([\w .-]+)\}+|\$\{?(\w+)\}?|([A-Z][A-Z0-9_]+))(?:\.\.\.|\.\w+)?$/.exec(
      word ?? '',
    )
  const name = inner?.slice(1).find((group) => group !== undefined)
  return name === undefined ? undefined : propertyName(name.replace(/\.\w+$/, '')) || undefined
}

/** Members of the JSON that an example pipes into the script. */
function stdinMembers(examples: readonly ExampleCommand[], script: ScriptSource): Parameter[] {
  const found = new Map<string, Parameter>()
  for (const { stdin } of examples) {
    for (const [name, value] of Object.entries(objectIn(stdin))) {
      if (found.has(name) || found.size >= 100 || name === '__proto__') continue
      found.set(name, {
        ...{ name, type: typeOf(value), required: false, kind: 'example', places: [] },
        ...{ file: 'SKILL.md', line: lineOf(script.skill.body, `"${name}"`) },
      })
    }
  }
  return [...found.values()]
}

function objectIn(text: string | undefined): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text ?? '{}')
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : {}
  } catch {
    return {}
  }
}

function typeOf(value: unknown): ValueType {
  if (Array.isArray(value)) return 'array'
  if (value === null) return 'any'
  return typeof value as ValueType
}

const lineOf = (body: string, text: string): number =>
  body.slice(0, Math.max(0, body.indexOf(text))).split('\n').length

/** What the examples alone show, for a script whose code shows nothing. */
export function exampleInterface(script: ScriptSource): ScriptInterface | undefined {
  const examples = exampleCommands(script.skill.body, script.path).filter(({ words }) => words.length > 0)
  if (examples.length === 0) return undefined
  const at = { file: 'SKILL.md', line: lineOf(script.skill.body, script.path.split('/').at(-1) ?? '') }
  const flags = new Map<string, { value: boolean }>()
  const places: { name?: string; count: number }[] = []
  for (const { words } of examples) {
    let place = 0
    for (let index = 0; index < words.length; index++) {
      const word = words[index] ?? ''
      if (/^--?[a-z][\w-]*(=.*)?$/i.test(word)) {
        const name = word.split('=')[0] ?? word
        const next = words[index + 1]
        const value = word.includes('=') || (next !== undefined && !next.startsWith('-'))
        flags.set(name, { value: value && (flags.get(name)?.value ?? true) })
        if (value && !word.includes('=')) index++
        continue
      }
      const known = places[place] ?? { count: 0 }
      const name = known.name ?? placeholder(word)
      places[place++] = { count: known.count + 1, ...(name === undefined ? {} : { name }) }
    }
  }
  const parameters: Parameter[] = [...flags]
    .filter(([flag]) => !/^(-h|--help|--version)$/.test(flag))
    .map(([flag, { value }]) => ({
      ...{
        ...at,
        name: propertyName(flag.replace(/^-+/, '')),
        type: value ? 'string' : 'boolean',
        required: false,
      },
      places: [
        value
          ? { kind: 'flag', flag, takes: 'one', form: 'separate' }
          : { kind: 'flag', flag, takes: 'nothing', form: 'auto', when: true },
      ],
    }))
  const names = new Set(parameters.map(({ name }) => name))
  for (const [index, { name, count }] of places.entries()) {
    const chosen = name === undefined || names.has(name) ? `arg${index + 1}` : name
    names.add(chosen)
    const required =
      count === examples.length && places.slice(0, index).every((other) => other.count === examples.length)
    parameters.push({
      ...at,
      name: chosen,
      type: 'string',
      required,
      places: [{ kind: 'positional', takes: 'one' }],
    })
  }
  return {
    kind: 'example',
    parameters,
    prefixes: flags.size > 0 ? '-' : '',
    endOfOptions: false,
    order: 'flags-first',
  }
}
