import { spawn } from 'node:child_process'
import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { SkillManager } from '../../src/manager.js'
import { findInterpreter } from '../../src/runtime/find-interpreter.js'
import type { Attempt, Bare, Effect, How, Peak, Seen } from './attempt.js'
import { all, changes, contacts, harmsVictim, leaks } from './effects.js'
import { descendants, markedProcesses, type ProcessView, sharedBytes, viewProcess } from './host-view.js'
import { makeWorld, type World } from './world.js'

/** What a run of an attempt came to. */
export interface Outcome {
  /** What it did to the host. */
  readonly harm?: string
  /** For the reader of a failure. */
  readonly detail: string
}

const BARE_TIMEOUT_MS = 8_000
/** Time in which bytes on their way reach a listener and ended processes leave the process table. */
const SETTLE_MS = 20

/** Runs an attempt in a world of its own and judges what became of that world. */
export async function runAttempt(attempt: Attempt, how: How): Promise<Outcome> {
  const world = await makeWorld(attempt)
  try {
    await attempt.plant?.(world)
    Object.assign(world.env, attempt.env?.(world))
    world.seal()
    let seen: Seen | undefined
    for (let run = 1; run <= (attempt.runs ?? 1); run++) {
      world.env.A_RUN = String(run)
      seen = await once(attempt, how, world)
    }
    if (seen === undefined) throw new Error('runs must be at least 1')
    await wait(SETTLE_MS)
    const harm = effectOf(attempt, how)(seen)
    return { ...(harm === undefined ? {} : { harm }), detail: describe(seen) }
  } finally {
    await world.close()
  }
}

function once(attempt: Attempt, how: How, world: World): Promise<Seen> {
  if (attempt.act !== undefined) return attempt.act({ world, attempt, how })
  return how === 'bare' ? runBare(attempt, world) : runSandboxed(attempt, world, how)
}

/** In a sandbox everything that hurts the host counts, whatever the attempt was about. */
function effectOf(attempt: Attempt, how: How): Effect {
  const bare: Bare = attempt.bare ?? {}
  if (how === 'bare') return ('effect' in bare ? bare.effect : undefined) ?? attempt.effect
  const completes: Effect = ({ error }) =>
    error === undefined || attempt.mayReject === true || attempt.mayReject === how
      ? undefined
      : `the run was rejected: ${error}`
  const stays: Effect = (seen) => (attempt.mayChange ? undefined : changes(seen))
  const leaves: Effect = ({ world }) => leftBehind(world)
  return all(attempt.effect, completes, leaks, stays, harmsVictim, contacts, leaves)
}

/** What of a finished run is still there. */
function leftBehind(world: World): string | undefined {
  const processes = markedProcesses(world.mark)
  if (processes.length > 0)
    return `${processes.length} processes survived: ${processes.map((pid) => viewProcess(pid).commandLine)}`
  const files = readdirSync(world.temp).filter((name) => !name.startsWith('skilllite-output-'))
  return files.length > 0 ? `files survived: ${files.join(', ')}` : undefined
}

/** The engine's way: the public API at level 2. */
export async function runSandboxed(
  attempt: Attempt,
  world: World,
  backend: Exclude<How, 'bare'>,
): Promise<Seen> {
  const stage = process.env.ATTACK_STAGE ?? ''
  const binary = path.join(stage, 'skillbox')
  process.env.TMPDIR = world.temp
  process.env.SKILLLITE_SKILLBOX =
    attempt.launcher === undefined ? binary : writeLauncher(world, attempt.launcher(world), binary)
  process.env.PLANTED_SECRET = world.secret
  const stop = new AbortController()
  const watch = new Watch(world, attempt.watch === true, () => stop.abort())
  const options = attempt.options?.(world) ?? {}
  try {
    const manager = await SkillManager.load({ skillsDir: world.skill, sandboxLevel: 2 })
    const said = JSON.stringify(manager.diagnostics)
    const run = await manager.run('attempt', attempt.args?.() ?? {}, {
      backend,
      signal: stop.signal,
      ...options,
      limits: { wallMs: 6_000, cpuMs: 6_000, ...options.limits },
      env: { ...world.env, ...options.env },
      onStdout: (chunk) => {
        watch.hear(chunk)
        options.onStdout?.(chunk)
      },
    })
    watch.stop()
    if (run.status !== 'completed') return watch.seen({ text: JSON.stringify(run), error: run.status })
    const artifacts = run.artifacts.slice(0, 100).map((file) => readStart(file.path))
    const text = [run.stdout, run.stderr, JSON.stringify(run), said, ...artifacts].join('\n')
    return watch.seen({ text, stdout: run.stdout, result: run })
  } catch (error) {
    watch.stop()
    const words = error instanceof Error ? error.message : String(error)
    return watch.seen({ text: words, error: words })
  }
}

/** The same script as an ordinary process: what it can do where nothing holds it back. */
export async function runBare(attempt: Attempt, world: World): Promise<Seen> {
  const bare = attempt.bare ?? {}
  const script = path.basename(attempt.script)
  const main = `main${path.extname(script)}`
  const name = main.endsWith('.py') ? 'python3' : main.endsWith('.mjs') ? 'node' : 'sh'
  const { program } = await findInterpreter(name)
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    PLANTED_SECRET: world.secret,
    PYTHONDONTWRITEBYTECODE: '1',
    HOME: path.join(world.root, 'home'),
    TMPDIR: world.temp,
    SKILL_DIR: world.skill,
    SKILL_OUTPUT_DIR: world.temp,
    A_BARE: '1',
    ...attempt.options?.(world).env,
    ...world.env,
    ...('env' in bare ? bare.env : {}),
  }
  const command = [program, path.join(world.skill, main)]
  const [file, args] =
    attempt.launcher === undefined
      ? [program, command.slice(1)]
      : ['/bin/bash', ['-c', `${attempt.launcher(world)}\nexec "$@"`, 'bash', ...command]]
  const end = (): void => {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL')
  }
  const watch = new Watch(world, attempt.watch === true, end)
  const child = spawn(file, args, { cwd: world.skill, env, detached: true, stdio: 'pipe' })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk: Buffer) => {
    watch.hear(chunk)
    if (stdout.length < 4_000_000) stdout += chunk.toString('latin1')
  })
  child.stderr.on('data', (chunk: Buffer) => {
    if (stderr.length < 4_000_000) stderr += chunk.toString('latin1')
  })
  child.stdin.on('error', () => {})
  child.stdin.end(JSON.stringify(attempt.args?.() ?? {}))
  const timeout = ('timeoutMs' in bare ? bare.timeoutMs : undefined) ?? BARE_TIMEOUT_MS
  const timer = setTimeout(end, timeout)
  // Not 'close': a daemon may hold the streams for ever.
  await new Promise((resolve) => child.on('exit', resolve))
  await wait(SETTLE_MS)
  clearTimeout(timer)
  watch.stop()
  child.stdout.destroy()
  child.stderr.destroy()
  const left = readdirSync(world.temp).map((name) => readStart(path.join(world.temp, name)))
  return watch.seen({ text: [stdout, stderr, ...left].join('\n'), stdout })
}

/** A stand-in for the binary that leaves descriptors open, as a host in another language would. */
function writeLauncher(world: World, code: string, binary: string): string {
  const file = path.join(world.root, 'launcher')
  writeFileSync(file, `#!/bin/bash\n${code}\nexec ${binary} "$@"\n`)
  chmodSync(file, 0o755)
  return file
}

function readStart(file: string): string {
  try {
    return statSync(file).isFile() ? readFileSync(file, 'latin1').slice(0, 65_536) : ''
  } catch {
    return ''
  }
}

/** Looks at the run's processes while it goes on. */
class Watch {
  private readonly started = performance.now()
  private readonly before = sharedBytes()
  private peak: Peak = { processes: 0, memoryBytes: 0, hostBytes: 0, supervisorBytes: 0 }
  private atReady: readonly ProcessView[] | undefined
  private heard = ''
  private wallMs = 0
  private readonly timer: NodeJS.Timeout | undefined

  constructor(
    private readonly world: World,
    always: boolean,
    /** Called when all has been seen that there is to see. */
    private readonly done: () => void,
  ) {
    if (always) this.timer = setInterval(() => this.look(), 40)
  }

  hear(chunk: Uint8Array): void {
    if (this.atReady !== undefined) return
    this.heard = (this.heard + Buffer.from(chunk).toString('latin1')).slice(-4_096)
    if (!/^ready$/m.test(this.heard)) return
    const victim = this.world.victim?.pid
    const pids = markedProcesses(this.world.mark)
    this.atReady = [...pids, ...(victim === undefined ? [] : [victim])].map(viewProcess)
    this.look()
    this.done()
  }

  stop(): void {
    clearInterval(this.timer)
    this.wallMs = performance.now() - this.started
  }

  seen(rest: Pick<Seen, 'text'> & Partial<Seen>): Seen {
    const { atReady, world, peak, wallMs } = this
    return { stdout: '', ...rest, world, peak, wallMs, ...(atReady === undefined ? {} : { atReady }) }
  }

  private look(): void {
    const now = descendants(process.pid)
    this.peak = {
      processes: Math.max(this.peak.processes, now.pids.length),
      memoryBytes: Math.max(this.peak.memoryBytes, now.memoryBytes),
      hostBytes: Math.max(this.peak.hostBytes, sharedBytes() - this.before),
      supervisorBytes: Math.max(this.peak.supervisorBytes, now.supervisorBytes),
    }
  }
}

function describe({ result, error, text, wallMs, peak, atReady }: Seen): string {
  const parts = [
    error === undefined ? '' : `error: ${error}`,
    result === undefined ? '' : `end: ${JSON.stringify(result.end)} usage: ${JSON.stringify(result.usage)}`,
    `wall: ${Math.round(wallMs)} ms, peak: ${JSON.stringify(peak)}, ready: ${atReady?.length ?? 'never'}`,
    `out: ${JSON.stringify(text.slice(0, 1_500))}`,
  ]
  return parts.filter((part) => part !== '').join('\n')
}
