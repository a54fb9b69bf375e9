import { LIMITS, token } from '../world.mjs'

const MiB = 1024 * 1024
/** What is over the limit beyond doubt, so that no contender fails by a rounding. */
const TOO_MUCH_MEMORY = LIMITS.memoryBytes * 1.5
const TOO_MANY_PROCESSES = LIMITS.processes * 2
const TOO_LONG_SECONDS = LIMITS.seconds + 2

export const resources = [
  {
    id: 'memory-bomb',
    title: 'Memory bomb',
    harm: `more than ${TOO_MUCH_MEMORY / MiB} MiB are held at once; ${LIMITS.memoryBytes / MiB} MiB are allowed: on the heap, over several processes, in files in memory, in sockets and pipes`,
    attacks: ['memory-heap.py', 'memory-processes.py', 'memory-unmapped.py', 'memory-kernel.py'],
    watch: true,
    prepare: () => ({
      parameters: { token: token() },
      judge: ({ peaks, stdout }) => {
        // no count of the host shows these, but the kernel told how much it took
        const inKernel = [...stdout.matchAll(/^kernel holds (\d+) MiB$/gm)].map(
          ([, mebibytes]) => mebibytes * MiB,
        )
        const held = Math.max(peaks.heldBytes, peaks.sharedBytes, ...inKernel)
        return held > TOO_MUCH_MEMORY && `${Math.round(held / MiB)} MiB held`
      },
    }),
  },
  {
    id: 'fork-bomb',
    title: 'Fork bomb',
    harm: `more than ${TOO_MANY_PROCESSES} processes are alive at once, or one is left after the end; ${LIMITS.processes} are allowed`,
    attacks: ['fork-bomb.py'],
    watch: true,
    prepare: () => ({
      parameters: {},
      judge: ({ peaks, left }) => {
        if (peaks.processes > TOO_MANY_PROCESSES) return `${peaks.processes} processes alive`
        return left > 0 && `${left} processes left after the end`
      },
    }),
  },
  {
    id: 'cpu-bomb',
    title: 'CPU bomb',
    harm: `it still burns after ${TOO_LONG_SECONDS} s, or has burned so many CPU seconds; ${LIMITS.seconds} s are allowed: in one process, in many short ones`,
    attacks: ['cpu-one-process.py', 'cpu-many-processes.py'],
    watch: true,
    prepare: () => ({
      parameters: {},
      judge: ({ peaks }) => {
        if (peaks.cpuSeconds > TOO_LONG_SECONDS) return `${peaks.cpuSeconds.toFixed(1)} CPU seconds burned`
        return (
          peaks.lastAliveSeconds > TOO_LONG_SECONDS && `alive after ${peaks.lastAliveSeconds.toFixed(1)} s`
        )
      },
    }),
  },
]
