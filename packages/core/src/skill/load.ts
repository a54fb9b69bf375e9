import { type Dirent, realpathSync, statSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import type { ErrorCode } from '../errors.js'
import { quote, SkillLiteError } from '../errors.js'
import { FrontMatterError, parseFrontMatter } from './front-matter.js'
import { readMetadata } from './metadata.js'
import { listSkillFiles } from './resources.js'
import { readRuntime } from './runtime-block.js'
import { runtimeFields } from './runtime-fields.js'
import { isInside } from './safe-file.js'
import { findScripts } from './scripts.js'
import { readSkillFile } from './skill-file.js'
import type { Diagnostic, RuntimeDeclaration, SkillInfo } from './skill-info.js'
import { specificationFields } from './validate.js'

/** What came of loading one skill: the skill, unless something made that impossible, and all that was odd. */
export interface LoadResult {
  readonly skill?: SkillInfo
  readonly diagnostics: readonly Diagnostic[]
}

/** What a search knows of a skill directory already. */
export interface KnownDirectory {
  /** Its real path. */
  readonly real: string
  /** What is in it. */
  readonly entries?: readonly Dirent[]
}

const codeOf: Partial<Record<ErrorCode, string>> = {
  SKILL_FILE_MISSING: 'file-missing',
  SKILL_NOT_A_FILE: 'not-a-file',
  SKILL_TOO_LARGE: 'file-too-large',
  SKILL_UNREADABLE: 'file-unreadable',
  RESOURCE_OUTSIDE_SKILL: 'file-outside-skill',
  SKILL_FRONT_MATTER_MISSING: 'front-matter-missing',
  SKILL_FRONT_MATTER_UNCLOSED: 'front-matter-unclosed',
  SKILL_FRONT_MATTER_INVALID: 'yaml-invalid',
}

/**
 * Reads a skill tolerantly: takes what can be used, and says what a strict reader would reject. Never throws for what is in the
 * directory. Only `SKILL.md` is read now; `scripts`, `resources` and the diagnostics about them are looked up when asked for.
 */
export function loadSkill(
  directory: string,
  scope: SkillInfo['scope'],
  known: Partial<KnownDirectory> = {},
): LoadResult {
  const given = resolve(directory)
  const real = known.real ?? realDirectory(given)
  if (!real) {
    const message = 'There is no skill directory at this path'
    const hint = 'Check the path; a skill is a directory with a SKILL.md.'
    return {
      diagnostics: [{ code: 'directory-missing', severity: 'error', message, hint, path: given }],
    }
  }
  const diagnostics: Diagnostic[] = []
  try {
    const skill = readSkill(given, real, scope, diagnostics, known.entries)
    if (!skill) return { diagnostics }
    return {
      skill,
      get diagnostics() {
        return skill.diagnostics
      },
    }
  } catch (error) {
    // Whatever else goes wrong with one skill must not keep the others from loading.
    const problem = SkillLiteError.is(error) ? error : new SkillLiteError('SKILL_UNREADABLE', String(error))
    const line = error instanceof FrontMatterError ? error.line : undefined
    diagnostics.push({
      code: codeOf[problem.code] ?? 'file-unreadable',
      severity: 'error',
      message: problem.message,
      ...(problem.hint && { hint: problem.hint }),
      path: join(real, 'SKILL.md'),
      ...(line && { line }),
    })
    return { diagnostics }
  }
}

function readSkill(
  given: string,
  directory: string,
  scope: SkillInfo['scope'],
  diagnostics: Diagnostic[],
  entries: readonly Dirent[] | undefined,
): SkillInfo | undefined {
  const { file, text, encoding } = readSkillFile(directory)
  const warn = (code: string, message: string, hint: string, line?: number): void => {
    diagnostics.push({ code, severity: 'warning', message, hint, path: file, ...(line && { line }) })
  }
  if (encoding === 'invalid') {
    warn(
      'encoding-invalid',
      'SKILL.md is not valid UTF-8; what is not was replaced',
      'Save the file as UTF-8.',
    )
  }
  if (text.startsWith('\ufeff')) {
    warn('byte-order-mark', 'SKILL.md begins with a byte order mark', 'Save the file as UTF-8 without it.', 1)
  }
  const frontMatter = parseFrontMatter(text.replace(/^\ufeff/, ''), { tolerant: true })
  const { data, body, requotedLine } = frontMatter
  if (requotedLine !== undefined) {
    const hint = 'Put the description in quotes: it contains what YAML takes for something else, mostly ": ".'
    warn(
      'description-requoted',
      'The description is not valid YAML and was taken literally',
      hint,
      requotedLine,
    )
  }
  if (body.includes('\0')) {
    warn('control-character', 'The body contains NUL characters', 'Remove them; the file may be damaged.')
  }
  const metadata = readMetadata(frontMatter, basename(given), file, diagnostics)
  if (!metadata) return undefined
  const { runtime, diagnostics: runtimeDiagnostics } = readRuntime(frontMatter, file)
  diagnostics.push(...runtimeDiagnostics)
  const usable = checkEntryPoint(directory, runtime, file, diagnostics)

  const files = lazy(() => listSkillFiles(directory, entries))
  const scripts = lazy(() => Object.freeze(findScripts(directory, files().files, usable)))
  const resources = lazy(() => {
    const code = new Set(scripts().map((script) => script.path))
    return Object.freeze(files().files.filter((path) => !code.has(path) && join(directory, path) !== file))
  })
  const all = lazy(() => Object.freeze([...diagnostics, ...files().diagnostics]))
  return Object.freeze({
    ...metadata,
    directory,
    file,
    body,
    runtime: Object.freeze(usable),
    extra: extraFields(data),
    get scripts() {
      return scripts()
    },
    get resources() {
      return resources()
    },
    get diagnostics() {
      return all()
    },
    scope,
  })
}

/** An entry point that leads out of the skill is dropped; one that is missing is kept as declared, and reported. */
function checkEntryPoint(
  directory: string,
  runtime: RuntimeDeclaration,
  file: string,
  diagnostics: Diagnostic[],
): RuntimeDeclaration {
  const { entryPoint, ...rest } = runtime
  if (entryPoint === undefined) return runtime
  const shown = quote(entryPoint)
  const report = (code: string, problem: string, hint: string): void => {
    const message = `The declared entry_point ${shown} ${problem}`
    diagnostics.push({ code, severity: 'warning', message, hint, path: file })
  }
  try {
    const real = realpathSync(join(directory, entryPoint))
    if (!isInside(directory, real)) {
      report(
        'entry-point-invalid',
        'leads out of the skill directory',
        'Put the script itself into the skill.',
      )
      return rest
    }
    if (!statSync(real).isFile())
      report('entry-point-missing', 'is not a file', 'Name a script of the skill.')
  } catch {
    report('entry-point-missing', 'does not exist', 'Correct the path, relative to the skill directory.')
  }
  return runtime
}

function extraFields(data: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const extra: Record<string, unknown> = Object.create(null)
  const known = new Set<string>([...specificationFields, ...runtimeFields])
  for (const key of Object.keys(data)) if (!known.has(key)) extra[key] = data[key]
  return Object.freeze(extra)
}

function realDirectory(path: string): string | undefined {
  try {
    const real = realpathSync.native(path)
    return statSync(real).isDirectory() ? real : undefined
  } catch {
    return undefined
  }
}

function lazy<Value extends object>(compute: () => Value): () => Value {
  let value: Value | undefined
  return () => {
    value ??= compute()
    return value
  }
}
