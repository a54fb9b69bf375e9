import { posix } from 'node:path'
import type { SyntaxNode } from '../../syntax/syntax-node.js'
import type { ScriptSource, SourceFile } from '../script-source.js'
import { executeBlock } from './execute.js'
import { stringText } from './literal.js'
import type { Reading } from './reading.js'
import { externalValue } from './scope.js'
import { type CallArguments, type JsScope, type JsValue, object, UNKNOWN } from './values.js'

const ENDINGS = ['', '.js', '.mjs', '.cjs', '.ts', '.mts', '/index.js', '/index.ts']

/** The script and those files of the skill that it imports, directly or not. */
export async function loadModules(script: ScriptSource): Promise<Map<string, SourceFile>> {
  const files = new Map<string, SourceFile>([[script.path, script]])
  const rest: SourceFile[] = [script]
  for (let file = rest.shift(); file !== undefined; file = rest.shift()) {
    for (const source of sourcesOf(file)) {
      if (resolve(file.path, source, files) !== undefined) continue
      for (const path of candidates(file.path, source)) {
        const found = await script.load(path)
        if (found === undefined) continue
        files.set(path, found)
        rest.push(found)
        break
      }
    }
  }
  return files
}

const MAX_SOURCES = 100

function sourcesOf({ root }: SourceFile): string[] {
  const sources: string[] = []
  for (const node of root.find('import_statement', 'export_statement', 'call_expression')) {
    const callee = node.field('function')?.text
    const text = node.type === 'call_expression' ? node.field('arguments')?.parts[0] : node.field('source')
    if (node.type === 'call_expression' && callee !== 'require' && callee !== 'import') continue
    if (text?.type === 'string' && stringText(text).startsWith('.')) sources.push(stringText(text))
    if (sources.length >= MAX_SOURCES) break
  }
  return sources
}

function candidates(from: string, source: string): string[] {
  const base = posix.join(posix.dirname(from), source)
  if (base.startsWith('..')) return []
  const typed = base.replace(/\.([cm]?)js$/, '.$1ts')
  return /\.[cm]?[jt]s$/.test(base) ? [base, typed] : ENDINGS.map((ending) => posix.normalize(base + ending))
}

const resolve = (from: string, source: string, files: ReadonlyMap<string, SourceFile>): string | undefined =>
  candidates(from, source).find((path) => files.has(path))

/** Runs a module, where it was not run yet, and gives its names. */
export function runModule(path: string, run: Reading): JsScope | undefined {
  const known = run.modules.get(path)
  const file = run.files.get(path)
  if (known !== undefined || file === undefined) return known
  const scope: JsScope = { names: new Map(), parent: undefined, file: path }
  run.modules.set(path, scope)
  for (const node of file.root.parts) {
    if (node.type === 'import_statement') importNames(node, scope, run)
    if (node.type === 'export_statement' && node.field('source') !== undefined) reexport(node, scope, run)
  }
  executeBlock(file.root, scope, run)
  return scope
}

function importNames(node: SyntaxNode, scope: JsScope, run: Reading): void {
  const source = node.field('source')
  if (source === undefined) return
  const from = stringText(source)
  for (const part of node.child('import_clause')?.parts ?? []) {
    if (part.type === 'identifier') scope.names.set(part.text, exported(from, 'default', scope, run))
    else if (part.type === 'namespace_import') {
      scope.names.set(part.parts[0]?.text ?? '', wholeModule(from, scope, run))
    } else if (part.type === 'named_imports') {
      for (const specifier of part.parts) {
        const name = specifier.field('name')?.text ?? ''
        scope.names.set(specifier.field('alias')?.text ?? name, exported(from, name, scope, run))
      }
    }
  }
}

function reexport(node: SyntaxNode, scope: JsScope, run: Reading): void {
  const source = node.field('source')
  for (const specifier of node.child('export_clause')?.parts ?? []) {
    const name = specifier.field('name')?.text ?? ''
    if (source !== undefined)
      scope.names.set(specifier.field('alias')?.text ?? name, exported(stringText(source), name, scope, run))
  }
}

const packageName = (source: string): string => source.replace(/^node:/, '')

function exported(from: string, name: string, scope: JsScope, run: Reading): JsValue {
  if (from.startsWith('.')) return moduleOf(from, scope, run)?.names.get(name) ?? UNKNOWN
  return externalValue(name === 'default' ? packageName(from) : `${packageName(from)}.${name}`, run)
}

function wholeModule(from: string, scope: JsScope, run: Reading): JsValue {
  if (!from.startsWith('.')) return externalValue(packageName(from), run)
  const module = moduleOf(from, scope, run)
  return module === undefined ? UNKNOWN : object(module.names)
}

function moduleOf(from: string, scope: JsScope, run: Reading): JsScope | undefined {
  const path = resolve(scope.file, from, run.files)
  return path === undefined ? undefined : runModule(path, run)
}

/** `require('…')`, `await import('…')` */
export function requireModule(source: JsValue, { scope }: CallArguments, run: Reading): JsValue {
  if (typeof source !== 'string') return UNKNOWN
  if (!source.startsWith('.')) return externalValue(packageName(source), run)
  const module = moduleOf(source, scope, run)
  if (module === undefined) return UNKNOWN
  const whole = module.names.get('default')
  return whole ?? object(module.names)
}
