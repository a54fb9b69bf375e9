import { join } from 'node:path'
import { hasEntryPoint } from './entry-point.js'
import { FileRefusal, readStart } from './safe-file.js'
import type { RuntimeDeclaration, SkillScript } from './skill-info.js'

type Language = SkillScript['language']

const maxScriptBytes = 262_144
const maxShebangBytes = 256

const languageByExtension: ReadonlyMap<string, Language> = new Map([
  ['.py', 'python'],
  ['.js', 'node'],
  ['.mjs', 'node'],
  ['.cjs', 'node'],
  ['.ts', 'node'],
  ['.sh', 'shell'],
  ['.bash', 'shell'],
])

/**
 * Finds the files with code among the files of a skill. A declared entry point comes first and is always runnable. Whether any
 * other file is runnable is read from its code, at most 256 KiB of it, when asked for.
 *
 * @param directory The skill's real path
 * @param files Relative paths, as listed
 */
export function findScripts(
  directory: string,
  files: readonly string[],
  runtime: Pick<RuntimeDeclaration, 'entryPoint' | 'language'> = {},
): SkillScript[] {
  const scripts: SkillScript[] = []
  for (const path of files) {
    const declared = path === runtime.entryPoint
    const language =
      languageOf(directory, path) ?? (declared ? languageFromName(runtime.language ?? '') : undefined)
    if (!language) continue
    if (declared) scripts.unshift({ path, language, runnable: true })
    else scripts.push(lazyScript(directory, path, language))
  }
  return scripts
}

/** The language of a program's name, as in a shebang or a `language` field: `python3.12`, `bash`, `typescript`. */
export function languageFromName(name: string): Language | undefined {
  const program = name.trim().toLowerCase()
  if (/^(?:python|pypy)[0-9.]*$/.test(program) || program === 'uv') return 'python'
  if (/^(?:node(?:js)?|javascript|typescript|js|ts|tsx|ts-node|deno|bun)$/.test(program)) return 'node'
  if (/^(?:ba|da|z|k)?sh$|^shell$/.test(program)) return 'shell'
  return undefined
}

function languageOf(directory: string, path: string): Language | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1)
  const dot = name.lastIndexOf('.')
  if (dot > 0)
    return name.endsWith('.d.ts') ? undefined : languageByExtension.get(name.slice(dot).toLowerCase())
  if (dot === 0) return undefined
  return languageFromShebang(readCode(directory, path, maxShebangBytes))
}

function languageFromShebang(code: string): Language | undefined {
  const [, words = ''] = /^#![ \t]*([^\r\n]*)/.exec(code) ?? []
  const [program = '', ...rest] = words.split(/[ \t]+/)
  const base = program.slice(program.lastIndexOf('/') + 1)
  if (base !== 'env') return languageFromName(base)
  // env -S uv run …, env VAR=1 python3
  return languageFromName(rest.find((word) => !word.startsWith('-') && !word.includes('=')) ?? '')
}

function lazyScript(directory: string, path: string, language: Language): SkillScript {
  let runnable: boolean | undefined
  return {
    path,
    language,
    get runnable() {
      runnable ??= hasEntryPoint(path, language, () => readCode(directory, path, maxScriptBytes))
      return runnable
    },
  }
}

function readCode(directory: string, path: string, maxBytes: number): string {
  try {
    return readStart(directory, join(directory, path), maxBytes).toString('utf8')
  } catch (error) {
    // It was listed and is gone or locked now: no code, so no entry point.
    if (error instanceof FileRefusal) return ''
    throw error
  }
}
