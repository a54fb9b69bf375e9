import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import {
  chmodSync,
  closeSync,
  copyFileSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import net from 'node:net'
import path from 'node:path'
import type { Attempt } from './attempt.js'
import { MARK, markedProcesses, readStatus } from './host-view.js'

/** What can be put into a world besides its files. */
export type Plant =
  /** A process with the secret in its memory, command line and environment. */
  | 'victim'
  /** A process that holds the secret file open. */
  | 'holder'
  | 'tcp'
  | 'tcp6'
  | 'udp'
  /** Listeners on socket files in the skill directory. */
  | 'unix'
  | 'unix-datagram'
  | 'unix-sequence'
  /** Somebody who reads a named pipe in the skill directory. */
  | 'pipe'
  | 'abstract'

/** A piece of host made for one run: nothing in it may change, be read or be reached. */
export interface World {
  readonly root: string
  /** Files of the host: `secret.txt`, `canary.txt`, `directory/`. */
  readonly host: string
  /** The skill directory. */
  readonly skill: string
  /** TMPDIR of engine and bare runs. */
  readonly temp: string
  readonly output: string
  readonly secret: string
  /** Names this run's processes. */
  readonly mark: string
  readonly victim?: ChildProcess
  /** What the scripts are told. */
  readonly env: Record<string, string>
  /** Bytes that listeners got. */
  received(): string
  /** Takes the snapshot that {@link changes} compares with. */
  seal(): void
  changes(): string | undefined
  close(): Promise<void>
}

type Snapshot = ReadonlyMap<string, string>

const fixtures = (): string => path.join(process.env.ATTACK_STAGE ?? '', 'fixtures')

export async function makeWorld(attempt: Attempt): Promise<World> {
  const root = realpathSync(mkdtempSync(path.join(process.env.ATTACK_STAGE ?? '', 'runs/world-')))
  const at = (name: string): string => path.join(root, name)
  for (const name of ['host/directory', 'host/skills/attempt', 'temp', 'home'])
    mkdirSync(at(name), { recursive: true })
  const secret = `SECRET-${randomBytes(9).toString('hex')}`
  const mark = path.basename(root)
  writeFileSync(at('host/secret.txt'), `${secret}\n`, { mode: 0o600 })
  writeFileSync(at('host/canary.txt'), 'untouched\n', { mode: 0o644 })
  writeFileSync(at('host/directory/private.txt'), `${secret}\n`)
  const skill = at('host/skills/attempt')
  writeSkill(skill, attempt.script)

  const env: Record<string, string> = {
    [MARK]: mark,
    A_SECRET: at('host/secret.txt'),
    A_HOST: at('host'),
    A_CANARY: at('host/canary.txt'),
    A_SKILL: skill,
    A_ID: mark,
  }
  const listeners = new Listeners(env, skill, attempt.launcher !== undefined)
  let before: Snapshot = new Map()
  let victim: ChildProcess | undefined
  for (const plant of attempt.with ?? []) {
    if (plant === 'victim' || plant === 'holder') {
      const held = plant === 'holder' ? openSync(at('host/secret.txt'), 'r') : 'ignore'
      // Reads a pipe that nobody writes to.
      victim = spawn('/bin/cat', ['-', secret], {
        env: { VICTIM: secret },
        stdio: ['pipe', 'ignore', 'ignore', held],
      })
      await once(victim, 'spawn')
      if (typeof held === 'number') closeSync(held)
      env.A_PID = String(victim.pid)
    } else await listeners.open(plant)
  }
  const snapshot = (): Snapshot => {
    const seen = new Map<string, string>()
    look(at('host'), seen)
    return seen
  }
  return {
    root,
    host: at('host'),
    skill,
    temp: at('temp'),
    output: at('output'),
    secret,
    mark,
    env,
    ...(victim === undefined ? {} : { victim }),
    received: () => listeners.received,
    seal: () => {
      before = snapshot()
    },
    changes: () => {
      const after = snapshot()
      for (const [file, was] of before) {
        const is = after.get(file)
        if (is !== was) return `${file} of the host was ${was} and is ${is ?? 'gone'}`
      }
      for (const [file, is] of after) if (!before.has(file)) return `${file} of the host is new: ${is}`
      return undefined
    },
    close: async () => {
      listeners.close()
      victim?.kill('SIGCONT')
      victim?.kill('SIGKILL')
      for (const pid of markedProcesses(mark)) {
        try {
          process.kill(pid, 'SIGKILL')
        } catch {
          // it has ended meanwhile
        }
      }
      // A script may have closed a directory of its own.
      execFileSync('chmod', ['-R', 'u+rwX', root], { stdio: 'ignore' })
      rmSync(root, { recursive: true, force: true })
    },
  }
}

const mainFiles: Readonly<Record<string, string>> = { '.py': 'main.py', '.mjs': 'main.mjs', '.sh': 'main.sh' }

/** A skill with this one script. */
export function writeSkill(directory: string, script: string): void {
  const main = mainFiles[path.extname(script)]
  if (main === undefined) throw new Error(`no interpreter for ${script}`)
  copyFileSync(path.join(fixtures(), script), path.join(directory, main))
  if (main === 'main.py') copyFileSync(path.join(fixtures(), 'attack.py'), path.join(directory, 'attack.py'))
  writeFileSync(
    path.join(directory, 'SKILL.md'),
    `---\nname: ${path.basename(directory)}\ndescription: Tries something.\ninput_schema:\n  type: object\n---\n`,
  )
  for (const name of readdirSync(directory)) chmodSync(path.join(directory, name), 0o644)
}

/** Kind, mode and content of everything below a directory. Sockets are ours. */
function look(directory: string, into: Map<string, string>): void {
  if (into.size > 5_000) return
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const file = path.join(directory, entry.name)
    const stats = lstatSync(file)
    const mode = (stats.mode & 0o7777).toString(8)
    if (entry.isSymbolicLink()) into.set(file, `a link to ${readlinkSync(file)}`)
    else if (entry.isFile())
      into.set(file, `a file ${mode} ${stats.mtimeMs} ${stats.size < 65_536 ? quoted(file) : stats.size}`)
    else if (entry.isDirectory()) into.set(file, `a directory ${mode}`)
    else into.set(file, `special ${stats.mode.toString(8)}`)
    if (entry.isDirectory() && entry.name.length < 200) look(file, into)
  }
}

const quoted = (file: string): string => {
  try {
    return JSON.stringify(readFileSync(file, 'latin1').slice(0, 200))
  } catch {
    return 'unreadable'
  }
}

/** Whether the victim goes on as if nothing had happened. */
export function victimHarm({ victim }: World): string | undefined {
  if (victim?.pid === undefined) return undefined
  if (victim.exitCode !== null || victim.signalCode !== null)
    return `a process of the host ended (${victim.signalCode ?? victim.exitCode})`
  const status = readStatus(victim.pid)
  if (/^[tTZX]/.test(status.State ?? 'X')) return `a process of the host is ${status.State ?? 'gone'}`
  if (status.TracerPid !== '0') return `a process of the host is traced by ${status.TracerPid}`
  return undefined
}

class Listeners {
  received = ''
  private readonly opened: (() => void)[] = []

  constructor(
    private readonly env: Record<string, string>,
    private readonly skill: string,
    private readonly quiet: boolean,
  ) {}

  async open(plant: Exclude<Plant, 'victim' | 'holder'>): Promise<void> {
    switch (plant) {
      case 'tcp':
        return this.server('A_TCP', { host: '127.0.0.1', port: 0 })
      case 'tcp6':
        return this.server('A_TCP6', { host: '::1', port: 0 })
      case 'unix':
        return this.server('A_UNIX', { path: path.join(this.skill, 'door') })
      case 'abstract':
        return this.server('A_ABSTRACT', { path: `\0attack-${process.pid}-${Date.now()}` })
      case 'udp':
        return this.helper('A_UDP', 'udp')
      case 'unix-datagram':
        return this.helper('A_DATAGRAM', path.join(this.skill, 'post'))
      case 'pipe':
        return this.pipe(path.join(this.skill, 'pipe'))
      case 'unix-sequence':
        return this.helper('A_SEQUENCE', path.join(this.skill, 'queue'))
    }
  }

  close(): void {
    for (const close of this.opened) close()
  }

  private async server(variable: string, options: net.ListenOptions): Promise<void> {
    const server = net.createServer((socket) => {
      // A connection of the launcher's own is none of the script's.
      if (!this.quiet) this.received += 'connected '
      socket.on('data', (chunk) => {
        this.received += chunk.toString('latin1').slice(0, 1_000)
        socket.end('HTTP/1.0 200 OK\r\ncontent-length: 0\r\n\r\n')
      })
      socket.on('error', () => {})
    })
    server.listen(options)
    await once(server, 'listening')
    const address = server.address()
    this.env[variable] =
      typeof address === 'string' || address === null
        ? (options.path ?? '').replace('\0', '')
        : String(address.port)
    if (options.path !== undefined && !options.path.startsWith('\0')) chmodSync(options.path, 0o777)
    this.opened.push(() => server.close())
  }

  private pipe(file: string): void {
    execFileSync('mkfifo', ['-m', '666', file])
    const child = spawn('/bin/cat', [file], { stdio: ['ignore', 'pipe', 'inherit'] })
    child.stdout.on('data', (chunk: Buffer) => {
      this.received += chunk.toString('latin1')
    })
    this.opened.push(() => child.kill('SIGKILL'))
  }

  /** Kinds that Node has no listener for. */
  private async helper(variable: string, what: string): Promise<void> {
    const child = spawn('python3', [path.join(fixtures(), 'listener.py'), variable, what], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    child.stdout.setEncoding('utf8')
    const [first] = (await once(child.stdout, 'data')) as [string]
    this.env[variable] = first.trim()
    child.stdout.on('data', (chunk: string) => {
      this.received += chunk
    })
    this.opened.push(() => child.kill('SIGKILL'))
  }
}
