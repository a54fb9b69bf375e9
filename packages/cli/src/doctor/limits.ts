import { DEFAULT_LIMITS, type PolicyLimits, type SandboxBackend } from '@skilllite/core'

/** A limit of a run, and who holds it. */
export interface DescribedLimit {
  readonly name: keyof PolicyLimits
  readonly default: number
  readonly heldBy: string
}

/** The limits of a run for which nothing is set, as the backend that it would get holds them. */
export function describeLimits(backend: SandboxBackend | undefined): readonly DescribedLimit[] {
  const names = Object.keys(DEFAULT_LIMITS) as (keyof PolicyLimits)[]
  return names.map((name) => ({
    name,
    default: DEFAULT_LIMITS[name],
    heldBy: backend === undefined ? 'nothing: no sandbox works here' : heldBy(name, backend),
  }))
}

function heldBy(name: keyof PolicyLimits, backend: SandboxBackend): string {
  const cgroup = backend.layers.some((layer) => layer.name === 'cgroup' && layer.on)
  const macOS = backend.name === 'seatbelt'
  switch (name) {
    case 'wallMs':
    case 'stdoutBytes':
    case 'stderrBytes':
      return macOS ? 'the engine' : 'the supervisor'
    case 'cpuMs':
      return macOS ? 'the kernel, for each process' : 'the supervisor'
    case 'files':
      return 'the kernel, for each process'
    case 'memoryBytes':
      if (macOS) return 'the engine, which watches'
      return cgroup ? 'the kernel, in a control group' : 'the supervisor, which watches'
    case 'pids':
      if (macOS) return 'the engine, which watches'
      return backend.name === 'namespaces'
        ? 'the supervisor, which watches, and the kernel a little above'
        : 'the supervisor, which is asked for each'
    case 'connections':
    case 'networkBytes':
      return 'the engine, which carries all of it'
    case 'tempBytes':
    case 'outputBytes':
      if (macOS) return 'the kernel, for each file'
      return backend.name === 'namespaces'
        ? 'the kernel, in a file system of its own'
        : 'the supervisor, which watches'
  }
}
