import type { Backend } from './backend.js'
import { compileSpec } from './compile-spec.js'
import type { Sandbox } from './launch.js'
import { requireSkillbox } from './skillbox-binary.js'
import { SkillboxSandbox } from './skillbox-sandbox.js'

/** The sandbox of that kind. Throws where its program is missing. */
export async function sandboxOf(backend: Backend): Promise<Sandbox> {
  if (backend === 'seatbelt') {
    const { SeatbeltSandbox } = await import('./seatbelt/seatbelt-sandbox.js')
    return new SeatbeltSandbox()
  }
  const skillbox = new SkillboxSandbox(requireSkillbox())
  return { launch: (plan, streams) => skillbox.launch(compileSpec({ ...plan, backend }), streams) }
}
