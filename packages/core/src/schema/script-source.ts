import { join, posix } from 'node:path'
import { FileRefusal, readInside } from '../skill/safe-file.js'
import type { Diagnostic, SkillInfo, SkillScript } from '../skill/skill-info.js'
import type { SyntaxLanguage } from '../syntax/grammar.js'
import { parseSource } from '../syntax/parse-source.js'
import type { SyntaxNode } from '../syntax/syntax-node.js'

/** A file of a skill, read as a syntax tree. */
export interface SourceFile {
  /** Relative to the skill directory, `/` as separator. */
  readonly path: string
  readonly text: string
  readonly root: SyntaxNode
}

/** What a style reader may look at: the script, other files of the skill, and the body of `SKILL.md`. */
export interface ScriptSource extends SourceFile {
  readonly skill: Pick<SkillInfo, 'name' | 'directory' | 'file' | 'body'>
  /** Reads another file of the skill; nothing where there is none or it cannot be read. Each file is read once. */
  readonly load: (path: string) => Promise<SourceFile | undefined>
}

/** Larger files are not read for their arguments: no person wrote them. */
const MAX_BYTES = 1_048_576
/** Of a module that a script imports: larger ones hold data. */
const MAX_MODULE_BYTES = 262_144
const MAX_FILES = 30
const MAX_LOOK_UPS = 2_000

/** A script that could be read, or why not. */
export interface OpenedScript {
  readonly script?: ScriptSource
  readonly diagnostics: Diagnostic[]
}

/** Reads a script of a skill and prepares to read those that it imports. Never throws for what is in the files. */
export async function openScript(
  skill: ScriptSource['skill'],
  { path, language }: Pick<SkillScript, 'path' | 'language'>,
): Promise<OpenedScript> {
  const diagnostics: Diagnostic[] = []
  const files = new Map<string, Promise<SourceFile | undefined>>()
  let read = 0
  const load = (wanted: string): Promise<SourceFile | undefined> => {
    const normal = posix.normalize(wanted)
    let file = files.get(normal)
    if (file === undefined) {
      const more = read < MAX_FILES && files.size < MAX_LOOK_UPS
      file = more
        ? readFile(skill, normal, language, diagnostics, files.size === 0)
        : Promise.resolve(undefined)
      files.set(normal, file)
      void file.then((found) => {
        if (found !== undefined) read++
      })
    }
    return file
  }
  const file = await load(path)
  return file === undefined ? { diagnostics } : { script: { ...file, skill, load }, diagnostics }
}

async function readFile(
  skill: ScriptSource['skill'],
  path: string,
  language: SkillScript['language'],
  diagnostics: Diagnostic[],
  isScript: boolean,
): Promise<SourceFile | undefined> {
  const absolute = join(skill.directory, path)
  let text: string
  try {
    text = readInside(skill.directory, absolute, isScript ? MAX_BYTES : MAX_MODULE_BYTES)
      .toString('utf8')
      .replace(/^\ufeff/, '')
  } catch (error) {
    if (!(error instanceof FileRefusal)) throw error
    if (error.reason === 'missing' || !isScript) return undefined
    diagnostics.push({
      code: error.reason === 'too-large' ? 'source-too-large' : 'source-unreadable',
      severity: 'warning',
      message: `The arguments of ${path} cannot be read from its code: ${error.message}`,
      hint: 'Give the skill an input_schema.',
      path: absolute,
    })
    return undefined
  }
  const { root, problems } = await parseSource(syntaxOf(path, language), text)
  for (const { code, message, line } of problems) {
    diagnostics.push({
      code,
      severity: 'warning',
      message: `${path} ${message}, so its arguments may be incomplete`,
      hint: 'Give the skill an input_schema, or mend the script.',
      path: absolute,
      ...(line === undefined ? {} : { line }),
    })
  }
  return root === undefined ? undefined : { path, text, root }
}

function syntaxOf(path: string, language: SkillScript['language']): SyntaxLanguage {
  if (language === 'python') return 'python'
  if (language === 'shell') return 'bash'
  if (/\.tsx$/i.test(path)) return 'tsx'
  return /\.[cm]?ts$/i.test(path) ? 'typescript' : 'javascript'
}
