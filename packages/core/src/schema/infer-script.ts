import { quote } from '../errors.js'
import type { Diagnostic, SkillScript } from '../skill/skill-info.js'
import { assembleInterface } from './assemble-interface.js'
import { fallbackInterface } from './fallback.js'
import type { InferredInterface } from './inference.js'
import type { ScriptInterface } from './parameter.js'
import { schemaBoundsProblem } from './schema-bounds.js'
import { openScript, type ScriptSource } from './script-source.js'
import type { LanguageReader } from './style-reader.js'

/** More than this no model can be shown. */
const MAX_PROPERTIES = 500

/** Each language's readers are loaded only when a script of that language is read. */
const readers: Readonly<Record<SkillScript['language'], () => Promise<LanguageReader | undefined>>> = {
  python: async () => (await import('./python/python-reader.js')).pythonReader,
  node: async () => (await import('./javascript/javascript-reader.js')).javascriptReader,
  shell: async () => (await import('./shell/shell-reader.js')).shellReader,
}

/**
 * Reads from a script's code what it takes. Never throws for what is in the skill: a script that cannot be understood
 * gets the fallback, and a diagnostic where something is wrong with it.
 */
export async function inferScript(
  skill: ScriptSource['skill'],
  target: Pick<SkillScript, 'path' | 'language'>,
): Promise<InferredInterface> {
  const opened = await openScript(skill, target)
  const { script, diagnostics } = opened
  const reader = script === undefined ? undefined : await readers[target.language]()
  if (script === undefined || reader === undefined) {
    return { ...fallbackInterface(target.path), needs: [], diagnostics }
  }
  const attempt = async <T>(what: string, read: () => T | Promise<T>): Promise<T | undefined> => {
    try {
      return await read()
    } catch (error) {
      diagnostics.push(failure(script, what, error))
      return undefined
    }
  }
  const needs = (await attempt('environment', () => reader.needs(script))) ?? []
  for (const { style, read } of reader.styles) {
    const found = await attempt(style, () => read(script))
    if (found === undefined) continue
    const problem = tooMuch(found) ?? schemaBoundsProblem(assembleInterface(found).inputSchema)
    if (problem !== undefined) {
      diagnostics.push(failure(script, style, problem))
      break
    }
    if (found.incomplete !== undefined) {
      diagnostics.push({
        code: 'arguments-incomplete',
        severity: 'info',
        message: `${script.path} may take more arguments than are offered: ${found.incomplete}`,
        hint: 'Give the skill an input_schema.',
        path: `${script.skill.directory}/${script.path}`,
      })
    }
    const description = found.description ?? (await attempt('description', () => reader.describe(script)))
    return {
      ...assembleInterface(found),
      kind: found.kind,
      ...(description === undefined ? {} : { description }),
      needs,
      diagnostics,
    }
  }
  const description = await attempt('description', () => reader.describe(script))
  return {
    ...fallbackInterface(script.path),
    ...(description === undefined ? {} : { description }),
    needs,
    diagnostics,
  }
}

function tooMuch(found: ScriptInterface): string | undefined {
  const count = countParameters(found)
  return count > MAX_PROPERTIES ? `has ${count} arguments; at most ${MAX_PROPERTIES} are offered` : undefined
}

function countParameters(level: Pick<ScriptInterface, 'parameters' | 'commands'>): number {
  const inner = level.commands?.choices.map(countParameters) ?? []
  return level.parameters.length + inner.reduce((sum, count) => sum + count, 0)
}

function failure(script: ScriptSource, style: string, error: unknown): Diagnostic {
  const reason = error instanceof Error ? error.message : String(error)
  return {
    code: 'arguments-not-understood',
    severity: 'warning',
    message: `The arguments of ${script.path} could not be read (${style}): ${quote(reason, 200)}`,
    hint: 'Give the skill an input_schema.',
    path: `${script.skill.directory}/${script.path}`,
  }
}
