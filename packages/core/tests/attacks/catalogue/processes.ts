import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { getPriority } from 'node:os'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { ActContext, Attempt, Effect, Seen } from '../attempt.js'
import { all, endsAs, harmsVictim, leaks, seenAtReady } from '../effects.js'
import { descendants, markedProcesses, survivors, viewProcess } from '../host-view.js'
import { runSandboxed } from '../run-attempt.js'
import { attempts, hostText } from './make.js'

const attempt = attempts('processes')
const victim = { with: ['victim'] } as const
/** Bare runs leave what the world's end then removes. */
const survives: Effect = ({ world }) =>
  survivors(world.mark).length > 0 ? 'a process went on after the end of its run' : undefined
const leavesOutput: Effect = ({ world }) => {
  const left = readdirSync(world.temp)
  return left.length > 0 ? `files survived: ${left.join(', ')}` : undefined
}
const brief = () => ({ limits: { wallMs: 800 } })
const overruns: Effect = (seen) =>
  seen.wallMs > 2_500 ? `the run took ${Math.round(seen.wallMs)} ms` : survives(seen)
const niced: Effect = ({ world }) => {
  const pid = world.victim?.pid ?? 0
  // A child starts with its parent's.
  return viewProcess(pid).nice === getPriority() ? undefined : 'a process of the host has another priority'
}
const pinned: Effect = ({ world }) => {
  const allowed = viewProcess(world.victim?.pid ?? 0).status.Cpus_allowed_list
  return allowed === viewProcess(process.pid).status.Cpus_allowed_list
    ? undefined
    : `a process of the host runs on ${allowed} only`
}
const limited: Effect = ({ world }) => {
  const limits = world.victim === undefined ? '' : limitsOf(world.victim.pid ?? 0)
  return /Max open files\s+7 /.test(limits) ? 'a process of the host has other limits' : undefined
}
const limitsOf = (pid: number): string => hostText(`/proc/${pid}/limits`)
const traced = seenAtReady('a process was traced', ({ status }) => (status.TracerPid ?? '0') !== '0')

/** Starts the run in a process of its own, kills what `choose` names of it, and looks what is left. */
async function killed(context: ActContext, whom: 'engine' | 'supervisor'): Promise<Seen> {
  const { world, attempt, how } = context
  if (how === 'bare') {
    const child = spawn('sh', ['-c', 'python3 "$0" & exec cat', path.join(world.skill, 'main.py')], {
      env: { ...process.env, ...world.env },
      stdio: ['pipe', 'pipe', 'ignore'],
    })
    await once(child.stdout, 'data')
    child.kill('SIGKILL')
    await wait(300)
    child.stdin.end()
    return { world, text: '', stdout: '', wallMs: 0, peak: NO_PEAK }
  }
  if (whom === 'supervisor') {
    const run = runSandboxed(
      {
        ...attempt,
        options: () => ({
          onStdout: () => {
            for (const pid of descendants(process.pid).pids)
              if (viewProcess(pid).parent === process.pid && /skillbox/.test(viewProcess(pid).commandLine))
                process.kill(pid, 'SIGKILL')
          },
        }),
      },
      world,
      how,
    )
    const seen = await run
    await gone(world.mark)
    return seen
  }
  const engine = spawn(process.execPath, [process.argv[1] ?? ''], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: process.env,
  })
  // What matters of a world here is plain data.
  engine.send({ name: attempt.name, how, world: JSON.parse(JSON.stringify(world)) as object })
  for (let n = 0; n < 100 && markedProcesses(world.mark).length < 2; n++) await wait(50)
  const before = markedProcesses(world.mark).length
  engine.kill('SIGKILL')
  await gone(world.mark)
  return {
    world,
    text: `${before} processes before`,
    stdout: '',
    wallMs: 0,
    peak: NO_PEAK,
    ...(before < 2 ? { error: 'never started' } : {}),
  }
}

const NO_PEAK = { processes: 0, memoryBytes: 0, hostBytes: 0, supervisorBytes: 0 }

/** Gives the kernel and the supervisor a moment to end what has lost its parent. */
async function gone(mark: string): Promise<void> {
  for (let n = 0; n < 40 && markedProcesses(mark).length > 0; n++) await wait(50)
}

export const PROCESSES: readonly Attempt[] = [
  attempt('list.py', "reads the command lines of the host's processes (Python)", leaks, victim),
  attempt('list.mjs', "reads the command lines of the host's processes (Node)", leaks, victim),
  attempt('list.sh', "reads the command lines of the host's processes (sh)", leaks, victim),
  attempt('guess-pid.py', 'guesses process numbers', leaks, victim),
  attempt('kill.py', 'kills a process of the host (Python)', harmsVictim, victim),
  attempt('kill.mjs', 'ends a process of the host (Node)', harmsVictim, victim),
  attempt('kill.sh', 'kills a process of the host (sh)', harmsVictim, victim),
  attempt('stop.py', 'stops a process of the host', harmsVictim, victim),
  attempt('kill-thread.py', 'signals a thread of the host', harmsVictim, victim),
  attempt('queue-signal.py', 'queues a signal for a process of the host', harmsVictim, victim),
  attempt('pidfd-signal.py', 'signals a process of the host through a pidfd', harmsVictim, victim),
  attempt(
    'proc-directory-signal.py',
    'signals a process of the host through its /proc directory',
    harmsVictim,
    victim,
  ),
  attempt('owner-signal.py', 'has a pipe signal a process of the host', harmsVictim, victim),
  attempt('kill-everything.py', 'kills every process that it can', harmsVictim, {
    ...victim,
    bare: { without: 'it would end every process of this machine' },
  }),
  attempt('trace.py', 'traces a process of the host', traced, victim),
  attempt('trace-first.py', 'attaches to the first process', traced, {
    ...victim,
    bare: { effect: harmsVictim },
  }),
  attempt('read-memory.py', 'reads the memory of a process through /proc/<pid>/mem', leaks, victim),
  attempt('process-vm-read.py', 'reads the memory of a process with process_vm_readv', leaks, victim),
  attempt('read-environment.py', 'reads the environment of a process', leaks, victim),
  attempt('steal-descriptor.py', 'takes a descriptor out of another process', leaks, {
    with: ['holder'],
  }),
  attempt('limit-other.py', 'lowers the limits of a process of the host', limited, victim),
  attempt('renice-other.py', 'lowers the priority of a process of the host', niced, victim),
  attempt('pin-other.py', 'moves a process of the host to one processor', pinned, victim),
  attempt('daemon.py', 'leaves a daemon behind (Python)', survives),
  attempt('daemon.mjs', 'leaves a detached process behind (Node)', survives),
  attempt('daemon.sh', 'leaves a background job behind (sh)', survives),
  attempt('hold-stdout.py', 'leaves a process that holds stdout open', overruns, {
    bare: { effect: survives },
  }),
  attempt('ignore-signals.py', 'ignores every signal', overruns, {
    options: brief,
    bare: { effect: overruns, timeoutMs: 2_700 },
  }),
  attempt('fork-during-kill.py', 'forks while it is being killed', all(endsAs('time', 'pids'), overruns), {
    options: brief,
    bare: { effect: survives, timeoutMs: 1_000 },
  }),
  attempt('stop-itself.py', 'stops itself and its parent', overruns, {
    options: brief,
    bare: { effect: overruns, timeoutMs: 2_700 },
  }),
  attempt('outlive.py', 'outlives the engine, killed in the middle of the run', all(survives, leavesOutput), {
    act: (context) => killed(context, 'engine'),
    bare: { effect: survives },
  }),
  attempt('many-mappings.py', 'keeps its supervisor busy while the engine is killed', survives, {
    act: (context) => killed(context, 'engine'),
  }),
  attempt('outlive.py', 'outlives its supervisor, killed in the middle of the run', survives, {
    act: (context) => killed(context, 'supervisor'),
    mayReject: true,
  }),
]
