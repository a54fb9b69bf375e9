import path from 'node:path'
import { quote, SkillLiteError } from '../errors.js'
import type { DeclaredDependencies } from '../runtime/dependencies/declared-dependencies.js'
import { findInterpreter } from '../runtime/find-interpreter.js'
import type { Interpreter } from '../runtime/interpreter.js'
import { fitsNode } from '../runtime/version-range.js'
import type { SkillInfo, SkillScript } from '../skill/skill-info.js'
import { type Environment, type EnvironmentStore, keyOf, LAYOUT } from './environment-store.js'
import { askLock, type LockAnswer } from './lock-file.js'
import { packageSources } from './package-sources.js'
import type { Pin } from './pin.js'

/** The packages that one script wants, and for which interpreter. */
export interface EnvironmentRequest {
  readonly skill: string
  readonly script: string
  readonly declared: DeclaredDependencies
  readonly interpreter: Interpreter
  /** Python packages that may be built from source. */
  readonly sources: readonly string[]
  /** Where packages come from: the same name and version may be other bytes elsewhere. */
  readonly origin: readonly string[]
  readonly lock: LockAnswer
}

export const platformName = `${process.platform}-${process.arch}`

/** `3.11` of Python, `20` of Node: packages for one are not for another. */
export function seriesOf({ name, version = '' }: Interpreter): string {
  return version
    .split('.')
    .slice(0, name === 'python3' ? 2 : 1)
    .join('.')
}

/** Finds the interpreter that a script wants, and what the project's lock says. Throws `INTERPRETER_MISSING`. */
export async function environmentRequest(
  skill: SkillInfo,
  script: SkillScript,
  declared: DeclaredDependencies,
  options: { readonly cwd: string; readonly sources: readonly string[] },
): Promise<EnvironmentRequest> {
  const interpreter = await interpreterFor(declared)
  const question = {
    skill: skill.name,
    script: script.path,
    language: declared.language,
    requirements: declared.requirements,
    interpreter: seriesOf(interpreter),
    platform: platformName,
  }
  const lock =
    declared.requirements.length === 0 ? ({ kind: 'none' } as const) : askLock(options.cwd, question)
  return {
    skill: skill.name,
    script: script.path,
    declared,
    interpreter,
    sources: options.sources,
    origin: packageSources(interpreter, process.env),
    lock,
  }
}

async function interpreterFor(declared: DeclaredDependencies): Promise<Interpreter> {
  const place = declared.places.join(' and ')
  if (declared.language === 'python') {
    return findInterpreter('python3', process.env, { specifiers: declared.requiresPython, place })
  }
  const node = await findInterpreter('node')
  const { requiresNode } = declared
  if (requiresNode === undefined || node.version === undefined || fitsNode(node.version, requiresNode))
    return node
  throw new SkillLiteError(
    'INTERPRETER_MISSING',
    `Node ${node.version} (${node.program}), which runs SkillLite, is not ${quote(requiresNode)}, as ${place} wants`,
    'Start SkillLite with such a Node.',
  )
}

/** Under which the answer to a request is remembered. Once somebody has let a source be built, it is built. */
export function requestKey({ declared, interpreter, origin }: EnvironmentRequest): string {
  const { language, requirements } = declared
  const more = language === 'node' ? [declared.manifest, declared.lockFile ?? ''] : []
  return keyOf([LAYOUT, 'request', ...identityOf(interpreter), requirements, more, origin])
}

/** Under which an environment is kept: its interpreter, the exact packages, and whose code may have run to build it. */
export function environmentKey(
  interpreter: Interpreter,
  pins: readonly Pin[],
  lockFile: string | undefined,
  sources: readonly string[],
): string {
  return keyOf([LAYOUT, 'environment', ...identityOf(interpreter), pins, lockFile ?? '', [...sources].sort()])
}

function identityOf({ name, program, version }: Interpreter): readonly string[] {
  // An environment holds a link to the very program.
  return [name, name === 'python3' ? program : path.basename(program), version ?? '', platformName]
}

/** The environment of a request, where it is built already. */
export function findEnvironment(
  store: EnvironmentStore,
  request: EnvironmentRequest,
): Environment | undefined {
  const { lock, interpreter } = request
  switch (lock.kind) {
    case 'locked':
      return store.find(environmentKey(interpreter, lock.entry.pins, lock.entry.lockFile, []))
    case 'stale':
      return undefined
    case 'none':
      return store.answerTo(requestKey(request))
  }
}
