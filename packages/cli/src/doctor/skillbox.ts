import { execFile } from 'node:child_process'

/** What `skillbox doctor --json` says about one layer of isolation. */
export interface Layer {
  readonly name: string
  readonly on: boolean
  /** Why it is off, or what kind it is. */
  readonly reason: string
  /** The command that would turn it on. */
  readonly fix: string
}

export interface Backend {
  readonly name: string
  readonly usable: boolean
  readonly layers: readonly Layer[]
}

/** The native binary, as it answers when asked. */
export interface SkillboxState {
  readonly path: string
  readonly version?: string
  readonly backends: readonly Backend[]
  /** Why it does not answer. */
  readonly problem?: string
}

/** Asks the binary which backends work on this machine; it finds out by trying. */
export async function askSkillbox(path: string): Promise<SkillboxState> {
  try {
    const { version, backends } = readAnswer(await output(path, ['doctor', '--json']))
    return { path, version, backends }
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    const problem = missing ? 'there is no such file' : error instanceof Error ? error.message : String(error)
    return { path, backends: [], problem }
  }
}

function output(program: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(program, [...args], { timeout: 20_000, encoding: 'utf8' }, (error, stdout) => {
      // a status other than 0 only says that some backend is not usable
      if (error !== null && stdout.trim() === '') reject(error)
      else resolve(stdout)
    })
  })
}

function readAnswer(text: string): { version: string; backends: readonly Backend[] } {
  const answer: unknown = JSON.parse(text)
  if (!isRecord(answer) || typeof answer.version !== 'string' || !Array.isArray(answer.backends)) {
    throw new Error('its answer to "doctor --json" is not understood: is it of another version?')
  }
  return { version: answer.version, backends: answer.backends.filter(isRecord).map(readBackend) }
}

function readBackend(backend: Readonly<Record<string, unknown>>): Backend {
  const layers = Array.isArray(backend.layers) ? backend.layers.filter(isRecord) : []
  return {
    name: textOf(backend.name),
    usable: backend.usable === true,
    layers: layers.map((layer) => ({
      name: textOf(layer.name),
      on: layer.on === true,
      reason: textOf(layer.reason),
      fix: textOf(layer.fix),
    })),
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
