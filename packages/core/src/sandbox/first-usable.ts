import { SkillLiteError } from '../errors.js'
import { type Backend, backendCandidates } from './backend.js'
import type { SandboxExamination } from './examine-sandboxes.js'
import { skillboxPath } from './skillbox-binary.js'

/** What this process found out, by the program that was asked. */
const examinations = new Map<string, Promise<SandboxExamination>>()
const chosen = new Map<string, Backend>()

/**
 * Launches with the named backend, or with the strongest that works here. That is found out by launching: nothing has
 * run where a sandbox could not be set up. A run never gets a weaker backend for a failure of its own, which a skill
 * could bring about: the stronger one must also fail for a harmless program, and the weaker one work.
 */
export async function launchWithFirst<Outcome>(
  wanted: Backend | undefined,
  launch: (backend: Backend) => Promise<Outcome>,
): Promise<Outcome> {
  const candidates = backendCandidates(wanted)
  const program = skillboxPath()
  const known = chosen.get(program)
  const first = known !== undefined && candidates.includes(known) ? known : candidates[0]
  try {
    return await launch(first)
  } catch (error) {
    const setup = SkillLiteError.is(error) && error.code === 'SANDBOX_SETUP_FAILED'
    if (!setup || candidates.length === 1 || first !== candidates[0]) throw error
    const examination = await examineOnce(program)
    if (examination.chosen === first) throw error
    if (examination.chosen === undefined) throw noneWorks(examination, error)
    chosen.set(program, examination.chosen)
    return launch(examination.chosen)
  }
}

function examineOnce(program: string): Promise<SandboxExamination> {
  const known = examinations.get(program)
  if (known !== undefined) return known
  const examination = import('./examine-sandboxes.js').then(({ examineSandboxes }) => examineSandboxes())
  examinations.set(program, examination)
  // Where the strongest works, this failure was of a run, and the next one deserves a look of its own.
  const forget = (): void => void examinations.delete(program)
  examination.then((found) => {
    if (found.chosen === found.backends[0]?.name || found.chosen === undefined) forget()
  }, forget)
  return examination
}

function noneWorks({ backends }: SandboxExamination, cause: SkillLiteError): SkillLiteError {
  const causes = backends.map(({ name, layers }) => ({ name, failed: layers.at(-1) }))
  const reasons = causes.map(({ name, failed }) => `${name}: ${failed?.name ?? ''}: ${failed?.reason ?? ''}`)
  const fix = causes.map(({ failed }) => failed?.fix ?? '').find((text) => text !== '')
  return new SkillLiteError(
    'SANDBOX_UNAVAILABLE',
    `No sandbox can be set up on this system (${reasons.join('; ') || cause.message})`,
    fix ?? cause.hint ?? 'Run: skilllite doctor',
    { cause },
  )
}
