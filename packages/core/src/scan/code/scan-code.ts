import { parseSource } from '../../syntax/parse-source.js'
import type { FactList } from '../fact.js'
import type { Unit } from '../unit.js'
import { followJavaScript } from './follow-javascript.js'
import { followPython } from './follow-python.js'
import { type Module, newModule, type Program } from './program.js'

const maxSteps = 400_000

/** The code of a skill: first all files, so that they know each other, then whatever was decoded. */
export class CodeScan {
  private readonly modules = new Map<string, Module>()
  private readonly program: Program

  constructor(
    private readonly facts: FactList,
    scan: (unit: Unit) => void,
    readFile: Program['readFile'],
  ) {
    this.program = { facts, scan, modules: this.modules, readFile, steps: maxSteps }
  }

  /** Parses a file of the skill, to be followed later. */
  async add(unit: Unit): Promise<void> {
    const module = await this.parse(unit)
    if (module !== undefined) this.modules.set(unit.file, module)
  }

  /** Follows all files added. */
  follow(): void {
    for (const module of this.modules.values()) this.followOne(module)
  }

  /** Parses and follows a text at once. */
  async scan(unit: Unit): Promise<void> {
    const module = await this.parse(unit)
    if (module !== undefined) this.followOne(module)
  }

  private async parse(unit: Unit): Promise<Module | undefined> {
    const tsx = unit.file.endsWith('.tsx') && unit.kind === 'typescript'
    const language =
      unit.kind === 'python'
        ? 'python'
        : unit.kind === 'typescript'
          ? tsx
            ? 'tsx'
            : 'typescript'
          : 'javascript'
    const { root, problems } = await parseSource(language, unit.text, {
      maxDepth: 400,
      maxMs: 1_500,
      maxNodes: 250_000,
      maxLength: 2_097_152,
    })
    const limit = problems.find(({ code }) => code !== 'syntax-error')
    if (limit !== undefined) {
      const shipped = /\.min\.[cm]?js$|(^|\/)(vendor|dist|assets|static|public|node_modules)\//.test(
        unit.file,
      )
      const name = shipped || limit.code === 'parser-unavailable' ? 'not-followed' : 'too-much'
      const what = name === 'too-much' ? 'code in one file' : `${unit.file} ${limit.message}`
      this.facts.add({ name, unit, offset: 0, what })
    }
    return root === undefined ? undefined : newModule(unit, root)
  }

  private followOne(module: Module): void {
    try {
      if (module.unit.kind === 'python') followPython(module, this.program)
      else followJavaScript(module, this.program)
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      this.facts.add({
        name: 'not-followed',
        unit: module.unit,
        offset: 0,
        what: `${module.unit.file} is nested too deeply`,
      })
    }
    if (this.program.steps <= 0)
      this.facts.add({ name: 'too-much', unit: module.unit, offset: 0, what: 'code' })
  }
}
