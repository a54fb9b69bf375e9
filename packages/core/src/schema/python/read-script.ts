import type { ScriptSource, SourceFile } from '../script-source.js'
import type { ParserModel } from './argparse/parser-model.js'
import { type ArgvReading, newArgvReading } from './argv/words-read.js'
import { callFunction } from './call-function.js'
import { executeBlock } from './execute.js'
import { EndOfReading, type Interpreter } from './interpreter.js'
import { loadModules, type SkillModules } from './modules.js'
import { innerScope } from './scope.js'
import { type Collected, scriptExternals } from './script-externals.js'
import type { JsonReading } from './stdin/json-members.js'
import { plainString } from './string-literal.js'
import { type CallArguments, isObject, type PyFunction, type PyScope, type PyValue } from './values.js'

/** What following a script's code brought to light, for all styles at once. */
export interface ScriptReading {
  readonly parsers: readonly ParserModel[]
  readonly argv: ArgvReading
  readonly json: JsonReading
  /** Where stdin is read as text. */
  readonly stdin: { readonly file: string; readonly line: number } | undefined
  readonly calls: Collected['calls']
  readonly scope: PyScope
  /** Of the script and of the modules that it imports. */
  readonly scopes: readonly PyScope[]
  readonly run: Interpreter
  readonly files: readonly SourceFile[]
  /** Why it ended before the end of the code. */
  readonly ended: 'complete' | 'too-long' | undefined
  /** For values that are asked about without a call in the code. */
  readonly args: CallArguments
}

const readings = new WeakMap<ScriptSource, Promise<ScriptReading>>()

/** Follows a script's code, once. */
export function readScript(script: ScriptSource): Promise<ScriptReading> {
  let reading = readings.get(script)
  if (reading === undefined) {
    reading = follow(script)
    readings.set(script, reading)
  }
  return reading
}

async function follow(script: ScriptSource): Promise<ScriptReading> {
  const modules = await loadModules(script)
  const parsers: ParserModel[] = []
  const argv = newArgvReading()
  const scopes = new Map<SourceFile, PyScope>()
  const json: JsonReading = { members: new Map(), used: false, open: false }
  const place = () => ({ file: run.at?.file ?? script.path, line: run.at?.node.line ?? 1 })
  const collected: Collected = {
    parsers: { parsers, run: () => run },
    argv: { reading: argv, run: () => run, place },
    json: { reading: json, certain: () => run.uncertain === 0, place },
    stdin: { text: undefined },
    calls: [],
  }
  const run: Interpreter = {
    ...{ started: performance.now(), steps: 0, uncertain: 0, stack: [], exits: false, at: undefined },
    ...scriptExternals(collected, () => run),
    seeks: () => parsers.length === 0 && !argv.used && !json.used && collected.stdin.text === undefined,
    importModule: importer(modules, scopes, () => run),
  }
  const scope = moduleScope(script, '__main__')
  const args: CallArguments = {
    positional: [],
    keywords: new Map(),
    open: true,
    node: script.root,
    file: script.path,
  }
  let ended = attempt(() => executeBlock(script.root, scope, run))
  if (ended === undefined && parsers.length === 0 && !argv.used && !json.used)
    ended = followRest([scope, ...scopes.values()], args, run)
  return {
    parsers,
    argv,
    json,
    stdin: collected.stdin.text,
    calls: collected.calls,
    scope,
    scopes: [scope, ...scopes.values()],
    run,
    files: modules.files,
    ended,
    args,
  }
}

function attempt(read: () => void): ScriptReading['ended'] {
  try {
    read()
    return undefined
  } catch (error) {
    if (error instanceof EndOfReading) return error.reason
    throw error
  }
}

/** Functions that make a parser but are called from elsewhere. */
function followRest(
  scopes: readonly PyScope[],
  args: CallArguments,
  run: Interpreter,
): ScriptReading['ended'] {
  run.stack.length = 0
  for (const [fn, self] of scopes.flatMap((scope) => [...functionsIn(scope)])) {
    if (!/ArgumentParser|ArgParser|sys\.argv|sys\.stdin/.test(fn.node.text)) continue
    run.exits = false
    run.uncertain = 0
    const ended = attempt(() => callFunction(fn, args, run, self))
    if (ended !== undefined) return ended
  }
  return undefined
}

function* functionsIn(scope: PyScope): Iterable<readonly [PyFunction, PyValue | undefined]> {
  for (const value of [...scope.names.values()]) {
    if (isObject(value, 'function')) yield [value, undefined]
    if (!isObject(value, 'class')) continue
    const instance: PyValue = { kind: 'instance', type: value, members: new Map() }
    for (const member of value.members.values()) if (isObject(member, 'function')) yield [member, instance]
  }
}

function moduleScope(file: SourceFile, name: string): PyScope {
  const scope = innerScope(undefined, file.path)
  scope.names.set('__name__', name)
  scope.names.set('__file__', { kind: 'typed', type: 'string' })
  scope.names.set('__doc__', docstring(file) ?? null)
  return scope
}

/** The docstring of a module. */
export function docstring({ root }: SourceFile): string | undefined {
  const first = root.parts[0]
  return first?.type === 'expression_statement' ? plainString(first.parts[0]) : undefined
}

function importer(
  modules: SkillModules,
  scopes: Map<SourceFile, PyScope>,
  run: () => Interpreter,
): Interpreter['importModule'] {
  return (name, level, from) => {
    const file = modules.find(name, level, from)
    if (file === undefined) return undefined
    let scope = scopes.get(file)
    if (scope === undefined) {
      scope = moduleScope(file, name)
      // Known before it is run: modules may import each other.
      scopes.set(file, scope)
      const state = run()
      const { uncertain } = state
      const stack = state.stack.splice(0)
      state.uncertain = 0
      executeBlock(file.root, scope, state)
      state.exits = false
      state.uncertain = uncertain
      state.stack.push(...stack)
    }
    return scope
  }
}
