import { posix } from 'node:path'
import type { ScriptSource, SourceFile } from '../script-source.js'

/** The modules of a skill that a script imports, directly or not, by what they are called from where. */
export interface SkillModules {
  /** The file of `import name`, `level` dots before it, in the file `from`. */
  readonly find: (name: string, level: number, from: string) => SourceFile | undefined
  readonly files: readonly SourceFile[]
}

const MAX_MODULES = 20

/** Reads the skill's own modules ahead: following the code can then do without waiting. */
export async function loadModules(script: ScriptSource): Promise<SkillModules> {
  const found = new Map<string, SourceFile>()
  const queue: SourceFile[] = [script]
  const files: SourceFile[] = [script]
  for (let file = queue.shift(); file !== undefined && files.length < MAX_MODULES; file = queue.shift()) {
    for (const path of importedPaths(file)) {
      if (found.has(path) || files.length >= MAX_MODULES) continue
      const module = await script.load(path)
      if (module === undefined) continue
      found.set(path, module)
      queue.push(module)
      files.push(module)
    }
  }
  const find: SkillModules['find'] = (name, level, from) => {
    for (const path of candidates(name, level, from)) {
      const file = found.get(path)
      if (file !== undefined) return file
    }
    return undefined
  }
  return { find, files }
}

/** Modules that a skill does not bring itself; looking for them would only cost time. */
const standard = new Set(
  (
    'abc argparse ast asyncio base64 builtins bz2 calendar codecs collections concurrent configparser contextlib copy csv ' +
    'ctypes dataclasses datetime decimal difflib email enum errno fnmatch fractions functools getopt getpass glob gzip ' +
    'hashlib heapq hmac html http importlib inspect io ipaddress itertools json keyword locale logging lzma math ' +
    'mimetypes multiprocessing operator optparse os pathlib pickle platform pprint queue random re secrets select shlex ' +
    'shutil signal socket sqlite3 ssl stat statistics string struct subprocess sys tarfile tempfile textwrap threading ' +
    'time timeit tokenize traceback types typing unicodedata unittest urllib uuid warnings weakref webbrowser xml zipfile ' +
    'zlib zoneinfo __future__ numpy pandas requests yaml click typer fire docopt pydantic openai PIL matplotlib'
  ).split(' '),
)

function* importedPaths(file: SourceFile): Iterable<string> {
  for (const node of file.root.find('import_statement', 'import_from_statement')) {
    if (node.type === 'import_statement') {
      for (const item of node.fields('name')) {
        const name = (item.type === 'aliased_import' ? item.field('name') : item)?.text ?? ''
        yield* wanted(name, 0, file.path)
      }
      continue
    }
    const from = node.field('module_name')
    const relative = from?.type === 'relative_import'
    const level = relative ? (from.child('import_prefix')?.text.trim().length ?? 0) : 0
    const path = relative ? (from.child('dotted_name')?.text ?? '') : (from?.text ?? '')
    if (path !== '') yield* wanted(path, level, file.path)
    for (const item of node.fields('name')) {
      const name = (item.type === 'aliased_import' ? item.field('name') : item)?.text ?? ''
      yield* wanted(path === '' ? name : `${path}.${name}`, level, file.path)
    }
  }
}

function wanted(name: string, level: number, from: string): string[] {
  return level === 0 && standard.has(name.split('.', 1)[0] ?? '') ? [] : candidates(name, level, from)
}

/** Where a module may be: beside the file, or in a directory above it up to the skill's. */
function candidates(name: string, level: number, from: string): string[] {
  // A copy of argparse that a skill brings along is argparse all the same.
  if (/(^|\.)argparse$/.test(name)) return []
  const directory = posix.dirname(from)
  const parts = name.split('.').filter((part) => part !== '')
  if (parts.length === 0) return []
  const bases: string[] = []
  if (level > 0) bases.push(posix.join(directory, ...Array.from({ length: level - 1 }, () => '..')))
  else
    for (let base = directory; ; base = posix.dirname(base)) {
      bases.push(base)
      if (base === '.') break
    }
  return bases
    .filter((base) => !base.startsWith('..'))
    .flatMap((base) => {
      // `sys.path.insert(0, …)` mostly leads to one of these.
      const roots =
        level > 0 ? [base] : [base, ...['lib', 'src', 'scripts'].map((name) => posix.join(base, name))]
      return roots
        .flatMap((root) => [posix.join(root, ...parts)])
        .flatMap((path) => [`${path}.py`, `${path}/__init__.py`])
    })
}
