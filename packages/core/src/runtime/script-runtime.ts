import path from 'node:path'
import { quote, SkillLiteError } from '../errors.js'
import { readStart } from '../skill/safe-file.js'
import type { SkillInfo, SkillScript } from '../skill/skill-info.js'
import { findInterpreter } from './find-interpreter.js'
import type { Interpreter, InterpreterName } from './interpreter.js'
import { NO_PROGRAMS, type Programs } from './programs.js'
import { utilitiesFor } from './shell-utilities.js'

const MAX_SHELL_BYTES = 256 * 1024
const MAX_SHELL_FILES = 20

/** What it takes to run one script. */
export interface ScriptRuntime {
  readonly interpreter: Interpreter
  /** The interpreter, its options and the script, to which arguments are added. */
  readonly command: readonly string[]
  /** Programs that belong to the script's language. */
  readonly programs: Programs
}

/**
 * What a script needs; its interpreter is found where none is `chosen`. Throws `INTERPRETER_MISSING`, or
 * `SCRIPT_MISSING` where the file cannot be read.
 */
export async function scriptRuntime(
  skill: SkillInfo,
  script: SkillScript,
  chosen?: Interpreter,
): Promise<ScriptRuntime> {
  const file = path.join(skill.directory, script.path)
  const name = interpreterName(skill, script)
  const interpreter = chosen ?? (await findInterpreter(name))
  return {
    interpreter,
    command: [interpreter.program, ...interpreter.args, file],
    programs: script.language === 'shell' ? utilitiesFor(shellCode(skill, script)) : NO_PROGRAMS,
  }
}

function interpreterName(skill: SkillInfo, script: SkillScript): InterpreterName {
  switch (script.language) {
    case 'python':
      return 'python3'
    case 'node':
      checkNodeRuns(script)
      return 'node'
    case 'shell':
      return shellOf(skill, script)
  }
}

function shellOf(skill: SkillInfo, script: SkillScript): 'sh' | 'bash' {
  const firstLine = readScript(skill, script, 256).split('\n', 1)[0] ?? ''
  if (!firstLine.startsWith('#!')) return script.path.endsWith('.bash') ? 'bash' : 'sh'
  return /\bbash\b/.test(firstLine) ? 'bash' : 'sh'
}

function checkNodeRuns(script: SkillScript): void {
  if (!/\.[cm]?ts$/.test(script.path) || Reflect.get(process.features, 'typescript')) return
  throw new SkillLiteError(
    'INTERPRETER_MISSING',
    `Node ${process.versions.node} cannot run ${script.path}: it does not know TypeScript`,
    'Use Node 22.18 or newer, or ship the script as JavaScript.',
  )
}

/** The script and the other shell files of the skill, which it may source. */
function shellCode(skill: SkillInfo, script: SkillScript): string {
  const others = skill.scripts.filter(({ language, path }) => language === 'shell' && path !== script.path)
  let room = MAX_SHELL_BYTES
  const texts = [script, ...others.slice(0, MAX_SHELL_FILES)].map((entry) => {
    const text = room > 0 ? readScript(skill, entry, room) : ''
    room -= text.length
    return text
  })
  return texts.join('\n')
}

function readScript(skill: SkillInfo, script: SkillScript, maxBytes: number): string {
  try {
    return readStart(skill.directory, path.join(skill.directory, script.path), maxBytes).toString('utf8')
  } catch (error) {
    throw new SkillLiteError(
      'SCRIPT_MISSING',
      `The script ${quote(script.path)} of ${skill.name} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
      'Load the skills again; the file was there before.',
      { cause: error },
    )
  }
}
