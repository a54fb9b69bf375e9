import { quote, SkillLiteError } from '../errors.js'

/** How a sandbox is enforced. */
export type Backend = 'namespaces' | 'landlock' | 'seatbelt'

/** What a system has, strongest first. */
export function backendsOf(platform: NodeJS.Platform): readonly Backend[] {
  if (platform === 'linux') return ['namespaces', 'landlock']
  return platform === 'darwin' ? ['seatbelt'] : []
}

/** The backends that a run may use, in the order in which they are tried. Throws where this system has none of them. */
export function backendCandidates(
  wanted: unknown,
  platform: NodeJS.Platform = process.platform,
): readonly [Backend, ...Backend[]] {
  const [first, ...others] = backendsOf(platform)
  if (first === undefined) {
    throw new SkillLiteError(
      'SANDBOX_UNAVAILABLE',
      `There is no sandbox for ${platform} in this version`,
      'Use Linux or macOS, or level 1 (no sandbox) for a skill that you trust.',
    )
  }
  if (wanted === undefined) return [first, ...others]
  const named = [first, ...others].find((backend) => backend === wanted)
  if (named !== undefined) return [named]
  const known = wanted === 'namespaces' || wanted === 'landlock' || wanted === 'seatbelt'
  throw new SkillLiteError(
    known ? 'SANDBOX_UNAVAILABLE' : 'OPTION_INVALID',
    known
      ? `The backend ${wanted} is one for ${wanted === 'seatbelt' ? 'macOS' : 'Linux'}; this is ${platform}`
      : `backend must be one of namespaces, landlock, seatbelt; got ${quote(wanted)}`,
    `Leave backend out for the strongest that works here, or use ${[first, ...others].join(' or ')}.`,
  )
}
