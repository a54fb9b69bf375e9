import { SkillLiteError } from '../errors.js'
import type { Backend } from './backend.js'
import { compileSpec } from './compile-spec.js'
import type { Sandbox } from './launch.js'
import { requireSkillbox } from './skillbox-binary.js'
import { SkillboxSandbox } from './skillbox-sandbox.js'

/** The sandbox of that kind. Throws where its program is missing. */
export async function sandboxOf(backend: Backend): Promise<Sandbox> {
  if (backend === 'seatbelt') {
    const { SeatbeltSandbox } = await import('./seatbelt/seatbelt-sandbox.js')
    return withoutHosts(new SeatbeltSandbox())
  }
  const skillbox = new SkillboxSandbox(requireSkillbox())
  return { launch: (plan, streams) => skillbox.launch(compileSpec({ ...plan, backend }), streams) }
}

/** For a backend that has no way to the egress proxy yet: to run without what was granted would only puzzle. */
function withoutHosts(sandbox: Sandbox): Sandbox {
  return {
    launch(plan, streams) {
      if (plan.network === undefined) return sandbox.launch(plan, streams)
      throw new SkillLiteError(
        'SANDBOX_UNAVAILABLE',
        `allowHosts cannot grant ${plan.policy.hosts.join(', ')}: the sandbox of this system has no network in this version`,
        'Leave allowHosts out, or run it on Linux.',
      )
    },
  }
}
