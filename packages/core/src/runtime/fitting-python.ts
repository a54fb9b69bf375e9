import { SkillLiteError } from '../errors.js'
import { pythonCandidates } from './python-candidates.js'
import type { PythonFacts } from './python-facts.js'
import type { PythonWish } from './python-wish.js'
import { compareVersions, fitsPython } from './version-range.js'

/** The first choice where it fits, else the newest that does. Throws `INTERPRETER_MISSING`, naming those found. */
export async function fittingPython(
  first: string | undefined,
  { specifiers, place }: PythonWish,
  environment: NodeJS.ProcessEnv,
  factsOf: (file: string) => Promise<PythonFacts>,
): Promise<PythonFacts> {
  const fits = ({ version }: PythonFacts) => specifiers.every((specifier) => fitsPython(version, specifier))
  const preferred = first === undefined ? undefined : await factsOf(first)
  if (preferred !== undefined && fits(preferred)) return preferred
  const others: PythonFacts[] = []
  // One after the other: each is a process, and there may be dozens.
  for (const file of pythonCandidates(environment)) {
    const facts = await factsOf(file).catch(() => undefined)
    if (facts !== undefined) others.push(facts)
  }
  const best = others.filter(fits).sort((a, b) => compareVersions(b.version, a.version))[0]
  if (best !== undefined) return best
  const all = [...new Map([preferred, ...others].map((facts) => [facts?.executable, facts])).values()]
  const names = all.flatMap((facts) =>
    facts === undefined ? [] : [`${facts.version} (${facts.executable})`],
  )
  throw new SkillLiteError(
    'INTERPRETER_MISSING',
    `No Python here is ${specifiers.join(' and ')}, as ${place} wants; found: ${names.join(', ') || 'none'}`,
    'Install such a Python (pyenv, uv python install, your system), or put it on PATH.',
  )
}
