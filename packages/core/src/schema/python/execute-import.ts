import type { SyntaxNode } from '../../syntax/syntax-node.js'
import type { End } from './execute.js'
import type { Interpreter } from './interpreter.js'
import { bind } from './scope.js'
import { external, type PyScope, type PyValue } from './values.js'

/** `import a.b, c as d` */
export function importNames(node: SyntaxNode, scope: PyScope, run: Interpreter): End {
  for (const item of node.fields('name')) {
    const alias = item.type === 'aliased_import' ? item.field('alias')?.text : undefined
    const path = (item.type === 'aliased_import' ? item.field('name') : item)?.text ?? ''
    const name = alias ?? path.split('.', 1)[0] ?? path
    const target = alias === undefined ? name : path
    const module = run.importModule(target, 0, scope.file)
    bind(name, module === undefined ? external(target) : moduleValue(module, target, run), scope, run)
  }
  return 'next'
}

/** `from a import b as c` */
export function importFrom(node: SyntaxNode, scope: PyScope, run: Interpreter): End {
  const from = node.field('module_name')
  const dots = from?.type === 'relative_import' ? (from.child('import_prefix')?.text.trim().length ?? 0) : 0
  const path = from?.type === 'relative_import' ? (from.child('dotted_name')?.text ?? '') : (from?.text ?? '')
  const module = run.importModule(path, dots, scope.file)
  if (node.child('wildcard_import') !== undefined) {
    for (const [name, value] of module?.names ?? wildcards(path)) scope.names.set(name, value)
    return 'next'
  }
  for (const item of node.fields('name')) {
    const name = (item.type === 'aliased_import' ? item.field('name') : item)?.text ?? ''
    const local = item.type === 'aliased_import' ? (item.field('alias')?.text ?? name) : name
    bind(local, importedMember(module, path, dots, name, scope, run), scope, run)
  }
  return 'next'
}

function importedMember(
  module: PyScope | undefined,
  path: string,
  dots: number,
  name: string,
  scope: PyScope,
  run: Interpreter,
): PyValue {
  const own = module?.names.get(name)
  if (own !== undefined) return own
  const inner = path === '' ? name : `${path}.${name}`
  const nested = run.importModule(inner, dots, scope.file)
  if (nested !== undefined) return moduleValue(nested, inner, run)
  return run.readExternal(inner) ?? external(inner)
}

/** A module of the skill as a value: its names are its attributes. */
function moduleValue(module: PyScope, path: string, run: Interpreter): PyValue {
  return {
    kind: 'native',
    subject: module,
    attribute: (name) => {
      const own = module.names.get(name)
      if (own !== undefined) return own
      const inner = run.importModule(`${path}.${name}`, 0, module.file)
      return inner === undefined ? undefined : moduleValue(inner, `${path}.${name}`, run)
    },
    assign: (name, value) => module.names.set(name, value),
    call: (name, args) => run.callExternal(`${path}.${name}`, args) ?? { kind: 'unknown' },
  }
}

const exported: Readonly<Record<string, readonly string[]>> = {
  argparse: [
    ...[
      'ArgumentParser',
      'ArgumentError',
      'ArgumentTypeError',
      'BooleanOptionalAction',
      'FileType',
      'Action',
    ],
    ...[
      'HelpFormatter',
      'ArgumentDefaultsHelpFormatter',
      'RawDescriptionHelpFormatter',
      'RawTextHelpFormatter',
    ],
    ...[
      'MetavarTypeHelpFormatter',
      'Namespace',
      'ONE_OR_MORE',
      'OPTIONAL',
      'PARSER',
      'REMAINDER',
      'SUPPRESS',
    ],
    'ZERO_OR_MORE',
  ],
  sys: ['argv', 'stdin', 'exit', 'stdout', 'stderr'],
  pathlib: ['Path', 'PurePath'],
  enum: ['Enum', 'IntEnum', 'StrEnum', 'Flag', 'auto'],
}

/** The names that `from module import *` brings, of the modules that matter here. */
function* wildcards(path: string): Iterable<[string, PyValue]> {
  for (const name of Object.hasOwn(exported, path) ? (exported[path] ?? []) : []) {
    yield [name, external(`${path}.${name}`)]
  }
}
