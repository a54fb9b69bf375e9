import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { SkillManager } from '../../src/manager.js'
import type { RunOptions } from '../../src/sandbox/run-options.js'
import type { CompletedRun } from '../../src/sandbox/run-result.js'

const fixtures = path.join(import.meta.dirname, 'fixtures')

/** Runs scripts of `fixtures/` as skills that get an object on stdin and print one. */
export class NetworkSkills {
  private readonly root = realpathSync(mkdtempSync(path.join(tmpdir(), 'network-')))

  private constructor(private manager: SkillManager | undefined) {}

  static async load(scripts: readonly string[]): Promise<NetworkSkills> {
    const skills = new NetworkSkills(undefined)
    for (const script of scripts) skills.write(script)
    skills.manager = await SkillManager.load({ skillsDir: skills.root })
    return skills
  }

  /** A directory beside the skills. */
  directory(name: string): string {
    const made = path.join(this.root, '..', `${path.basename(this.root)}-${name}`)
    mkdirSync(made, { recursive: true })
    return made
  }

  async run(
    script: string,
    input: Readonly<Record<string, unknown>>,
    options: RunOptions,
  ): Promise<CompletedRun> {
    const result = await this.manager?.run(nameOf(script), input, options)
    if (result?.status !== 'completed') throw new Error(`${script} did not run: ${JSON.stringify(result)}`)
    return result
  }

  remove(): void {
    rmSync(this.root, { recursive: true })
  }

  private write(script: string): void {
    const directory = path.join(this.root, nameOf(script))
    mkdirSync(path.join(directory, 'scripts'), { recursive: true })
    cpSync(path.join(fixtures, script), path.join(directory, 'scripts', script))
    const front = [
      '---',
      `name: ${nameOf(script)}`,
      'description: For a test.',
      `entry_point: scripts/${script}`,
    ]
    const schema = ['input_schema:', '  type: object', '  additionalProperties: true', '---', '']
    writeFileSync(path.join(directory, 'SKILL.md'), [...front, ...schema].join('\n'))
  }
}

const nameOf = (script: string): string => script.replace('.', '-')
