import { readFileSync } from 'node:fs'
import os from 'node:os'

/** What figures depend on. */
export function machineFacts() {
  return [
    ['Date', new Date().toISOString().slice(0, 10)],
    ['System', distribution()],
    ['Kernel', `${os.type()} ${os.release()} ${os.machine()}`],
    ['Processors', `${os.availableParallelism()} × ${os.cpus()[0]?.model ?? 'unknown'}`],
    ['Memory', `${Math.round(os.totalmem() / 2 ** 30)} GiB`],
    ['Load when started', os.loadavg()[0].toFixed(1)],
    ['Node', process.version],
  ]
}

export const factLines = (facts) => facts.map(([name, value]) => `- ${name}: ${value}`).join('\n')

function distribution() {
  try {
    return /^PRETTY_NAME="(.*)"$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? 'unknown'
  } catch {
    return 'unknown'
  }
}
