import { createHash } from 'node:crypto'
import { closeSync, constants, fstatSync, mkdirSync, openSync, readdirSync, readSync } from 'node:fs'
import path from 'node:path'
import { SkillLiteError } from '../errors.js'
import { normaliseName } from '../runtime/dependencies/requirement.js'
import type { Interpreter } from '../runtime/interpreter.js'
import type { InstallerContext } from './installer-run.js'
import { mustRun } from './installer-run.js'
import { learningHosts } from './learn-hosts.js'
import { type Pin, pinsAsRequirements } from './pin.js'
import type { PipProgram } from './pip-program.js'
import type { PythonIndex } from './python-index.js'
import type { PythonInstaller, PythonRequest } from './python-installer.js'

/** Temporary files on the disk: in memory, those of large packages would be counted as memory. */
const START = `import os, runpy, sys
os.environ['TMPDIR'] = sys.argv.pop(1)
runpy.run_module('pip', run_name='__main__', alter_sys=True)`

/**
 * Two steps: wheels are fetched, which runs nothing of theirs and has the network; then they are installed, without
 * network.
 */
export class PipInstaller implements PythonInstaller {
  readonly name = 'pip'

  constructor(
    private readonly interpreter: Interpreter,
    private readonly pip: PipProgram,
    private readonly index: PythonIndex,
    private readonly context: InstallerContext,
  ) {}

  async resolve(request: PythonRequest): Promise<readonly Pin[]> {
    const file = this.context.build.write('requirements.in', `${request.requirements.join('\n')}\n`)
    await this.fetch(['--requirement', file], request)
    return readWheels(this.wheels)
  }

  async install(pins: readonly Pin[], request: PythonRequest, fetched: boolean): Promise<string> {
    const { build } = this.context
    const file = build.write('requirements.lock', pinsAsRequirements(pins))
    const exact = ['--require-hashes', '--no-deps', '--requirement', file]
    if (!fetched) await this.fetch(exact, request)
    const site = path.join(build.output, 'site')
    await mustRun(
      this.step(['install', '--no-index', '--find-links', this.wheels, '--target', site, ...exact], []),
      this.context,
      'Installing packages with pip',
    )
    return site
  }

  private get wheels(): string {
    return path.join(this.context.build.output, 'wheels')
  }

  private async fetch(what: readonly string[], { requirements, sources }: PythonRequest): Promise<void> {
    mkdirSync(this.wheels, { recursive: true })
    const kinds = ['--only-binary', ':all:', ...sources.flatMap((name) => ['--no-binary', name])]
    // A source must become a wheel here, where the network is: building needs packages of its own.
    const how =
      sources.length > 0 ? ['wheel', '--wheel-dir', this.wheels] : ['download', '--dest', this.wheels]
    const step = this.step([...how, ...kinds, ...what], this.index.hosts)
    await learningHosts(
      step,
      requirements,
      this.index,
      this.interpreter,
      this.context,
      'Fetching packages with pip',
    )
  }

  private step(args: readonly string[], hosts: readonly string[]) {
    const { build } = this.context
    const temporary = path.join(build.output, 'tmp')
    mkdirSync(temporary, { recursive: true })
    const options = ['--no-cache-dir', '--progress-bar', 'off', '--no-input', '--disable-pip-version-check']
    return {
      command: [this.interpreter.program, ...this.pip.with(START), temporary, ...args, ...options],
      mounts: [...this.interpreter.mounts, ...this.pip.mounts],
      // A build starts Python again.
      programs: { mounts: [], exec: [this.interpreter.program] },
      environment: { PIP_CONFIG_FILE: this.index.pipConfiguration },
      hosts,
      upstream: this.index.upstream,
      readPaths: this.index.readPaths,
    }
  }
}

/** What the wheels in a directory are, with the digests of their bytes. */
function readWheels(directory: string): readonly Pin[] {
  return readdirSync(directory)
    .sort()
    .map((file) => {
      // PEP 427; pip has checked that metadata and name agree.
      const [, name, version] = /^([^-]+)-([^-]+)(?:-[^-]+)?-[^-]+-[^-]+-[^-]+\.whl$/.exec(file) ?? []
      if (name === undefined || version === undefined) throw noWheel(file)
      return {
        name: normaliseName(name),
        version,
        hashes: [`sha256:${digestOf(path.join(directory, file))}`],
      }
    })
}

function digestOf(file: string): string {
  // What stands there may have been made by a package's own build: no link is followed, no pipe waited for.
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK
  let descriptor: number
  try {
    descriptor = openSync(file, flags)
  } catch {
    throw noWheel(path.basename(file))
  }
  try {
    if (!fstatSync(descriptor).isFile()) throw noWheel(path.basename(file))
    const hash = createHash('sha256')
    const chunk = Buffer.allocUnsafe(1024 * 1024)
    for (let read = -1; read !== 0; ) {
      read = readSync(descriptor, chunk)
      hash.update(chunk.subarray(0, read))
    }
    return hash.digest('hex')
  } finally {
    closeSync(descriptor)
  }
}

function noWheel(file: string): SkillLiteError {
  return new SkillLiteError(
    'DEPENDENCY_INSTALL_FAILED',
    `Fetching packages brought ${JSON.stringify(file)}, which is no wheel`,
    'Nothing was installed.',
  )
}
