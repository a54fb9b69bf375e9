import { execFile } from 'node:child_process'
import { quote } from '../errors.js'
import { type Backend, backendsOf } from './backend.js'
import { skillboxPath } from './skillbox-binary.js'
import { usernsFix } from './userns-fix.js'
import { weaknessesOf } from './weaknesses.js'

const TIMEOUT_MS = 20_000
const MAX_ANSWER_BYTES = 1024 * 1024

/** One layer of isolation, tried out. */
export interface SandboxLayer {
  readonly name: string
  readonly on: boolean
  /** Which kind is on, or why it is off. */
  readonly reason: string
  /** The command that would turn it on. */
  readonly fix: string
}

/** One backend, tried out. */
export interface SandboxBackend {
  readonly name: Backend
  readonly usable: boolean
  /** Where it is not usable, the last one is what failed. */
  readonly layers: readonly SandboxLayer[]
  /** Which promises of the sandbox it cannot keep. */
  readonly weaker: readonly string[]
}

/** What sandboxes this system can have, strongest first. */
export interface SandboxExamination {
  /** The program that enforces them. */
  readonly program: { readonly path: string; readonly version?: string; readonly problem?: string }
  readonly backends: readonly SandboxBackend[]
  /** What a run is given that names no backend; without it, none can run. */
  readonly chosen?: Backend
}

/** Tries out every backend of this system, by setting up a sandbox of each kind. */
export async function examineSandboxes(
  environment: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): Promise<SandboxExamination> {
  const { program, backends }: Examined =
    platform === 'darwin'
      ? await (await import('./seatbelt/examine-seatbelt.js')).examineSeatbelt()
      : await askSkillbox(skillboxPath(environment))
  const known = backendsOf(platform)
  const ours = backends.filter(({ name }) => known.includes(name))
  const chosen = known.find((name) => ours.some((backend) => backend.name === name && backend.usable))
  return { program, backends: ours, ...(chosen === undefined ? {} : { chosen }) }
}

export type Examined = Pick<SandboxExamination, 'program' | 'backends'>

async function askSkillbox(path: string): Promise<Examined> {
  try {
    return readAnswer(path, await output(path, ['doctor', '--json']))
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    const problem = missing ? 'there is no such file' : error instanceof Error ? error.message : String(error)
    return { program: { path, problem }, backends: [] }
  }
}

function output(program: string, args: readonly string[]): Promise<string> {
  const options = { timeout: TIMEOUT_MS, maxBuffer: MAX_ANSWER_BYTES, encoding: 'utf8', env: {} } as const
  return new Promise((resolve, reject) => {
    execFile(program, [...args], options, (error, stdout) => {
      // A status other than 0 only says that some backend is not usable.
      if (error !== null && stdout.trim() === '') reject(error)
      else resolve(stdout)
    })
  })
}

function readAnswer(path: string, text: string): Examined {
  const answer: unknown = JSON.parse(text)
  if (!isRecord(answer) || typeof answer.version !== 'string' || !Array.isArray(answer.backends)) {
    throw new Error(
      `its answer to "doctor --json" is not understood: is it of another version? ${quote(answer)}`,
    )
  }
  const backends = answer.backends.filter(isRecord).map(readBackend)
  return { program: { path, version: answer.version }, backends }
}

function readBackend(backend: Readonly<Record<string, unknown>>): SandboxBackend {
  const layers = (Array.isArray(backend.layers) ? backend.layers : []).filter(isRecord).map(readLayer)
  const name = textOf(backend.name) as Backend
  const usable = backend.usable === true
  const states = Object.fromEntries(layers.map((layer) => [layer.name, layer.on]))
  return {
    name,
    usable,
    layers: name === 'namespaces' && !usable ? withFix(layers) : layers,
    weaker: weaknessesOf(name, states),
  }
}

function readLayer(layer: Readonly<Record<string, unknown>>): SandboxLayer {
  const [name = '', reason = '', fix = ''] = [layer.name, layer.reason, layer.fix].map(textOf)
  const on = layer.on === true
  return { name, on, reason: on || reason !== '' ? reason : 'not part of this backend', fix }
}

/** What failed stands last. Whether it was making a user namespace or the first thing done in it, this helps. */
function withFix(layers: readonly SandboxLayer[]): readonly SandboxLayer[] {
  const failed = layers.at(-1)
  // A number that is used up is said by its own words, and has nothing to do with a container.
  const fix = failed === undefined || failed.reason.includes('No space left') ? undefined : usernsFix()
  return failed === undefined || fix === undefined ? layers : [...layers.slice(0, -1), { ...failed, fix }]
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
