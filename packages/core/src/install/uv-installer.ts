import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { SkillLiteError } from '../errors.js'
import { normaliseName } from '../runtime/dependencies/requirement.js'
import type { Interpreter } from '../runtime/interpreter.js'
import { mergePrograms, programAt } from '../runtime/programs.js'
import { readOwnFile } from '../skill/own-file.js'
import type { InstallerContext } from './installer-run.js'
import { learningHosts } from './learn-hosts.js'
import { type Pin, pinsAsRequirements } from './pin.js'
import type { PythonIndex } from './python-index.js'
import type { PythonInstaller, PythonRequest } from './python-installer.js'

const MAX_LOCK_BYTES = 16 * 1024 * 1024

/** uv does the same as pip, faster; it resolves and fetches in steps of its own. */
export class UvInstaller implements PythonInstaller {
  readonly name = 'uv'

  constructor(
    private readonly uv: string,
    private readonly interpreter: Interpreter,
    private readonly index: PythonIndex,
    private readonly context: InstallerContext,
  ) {}

  async resolve(request: PythonRequest): Promise<readonly Pin[]> {
    const { build } = this.context
    const file = build.write('requirements.in', `${request.requirements.join('\n')}\n`)
    const lock = path.join(build.output, 'resolved.txt')
    await this.run(
      ['compile', file, '--generate-hashes', '--no-header', '--no-annotate', '--output-file', lock],
      request,
    )
    const text = readOwnFile(lock, MAX_LOCK_BYTES)
    if (text !== undefined) return parseLock(text)
    throw new SkillLiteError(
      'DEPENDENCY_INSTALL_FAILED',
      'uv did not say which packages it found',
      'Nothing was installed.',
    )
  }

  async install(pins: readonly Pin[], request: PythonRequest): Promise<string> {
    const { build } = this.context
    const file = build.write('requirements.lock', pinsAsRequirements(pins))
    const site = path.join(build.output, 'site')
    await this.run(
      [
        'install',
        '--require-hashes',
        '--no-deps',
        '--requirement',
        file,
        '--target',
        site,
        '--compile-bytecode',
        '--link-mode',
        'copy',
      ],
      request,
    )
    return site
  }

  private async run(args: readonly string[], { requirements, sources }: PythonRequest): Promise<void> {
    const cache = path.join(this.context.build.output, 'tmp')
    mkdirSync(cache, { recursive: true })
    const python = this.interpreter.program
    const kinds = ['--only-binary', ':all:', ...sources.flatMap((name) => ['--no-binary', name])]
    const programs = mergePrograms([programAt('uv', this.uv), { mounts: [], exec: [python] }])
    const step = {
      command: [
        this.uv,
        'pip',
        ...args,
        ...kinds,
        '--python',
        python,
        '--no-config',
        '--no-progress',
        '--color',
        'never',
      ],
      mounts: this.interpreter.mounts,
      programs,
      environment: { ...this.index.uvEnvironment, UV_CACHE_DIR: cache, UV_PYTHON_DOWNLOADS: 'never' },
      hosts: this.index.hosts,
      upstream: this.index.upstream,
      readPaths: this.index.readPaths,
    }
    await learningHosts(
      step,
      requirements,
      this.index,
      this.interpreter,
      this.context,
      'Installing packages with uv',
    )
  }
}

/** `name==1.0 \` and a line for each hash. */
function parseLock(text: string): readonly Pin[] {
  return text
    .replaceAll('\\\n', ' ')
    .split('\n')
    .flatMap((line) => {
      const [, name, version] = /^([\w.-]+)==([^\s;\\]+)/.exec(line.trim()) ?? []
      if (name === undefined || version === undefined) return []
      const hashes = [...line.matchAll(/--hash=(\S+)/g)].flatMap(([, hash]) => hash ?? [])
      return [{ name: normaliseName(name), version, hashes }]
    })
}
