import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll } from 'vitest'

/** The skills that come with SkillLite. */
export const ownSkills = fileURLToPath(new URL('../../../../skills', import.meta.url))

/** An empty directory that is gone after the test file. */
export function temporaryDirectory(): string {
  const directory = realpathSync(mkdtempSync(path.join(tmpdir(), 'skilllite-loop-')))
  afterAll(() => rmSync(directory, { recursive: true, force: true }))
  return directory
}

/** Writes a skill of one Python script, which has its arguments as `args`. */
export function writeSkill(parent: string, name: string, properties: string, script: string): string {
  const directory = path.join(parent, name)
  mkdirSync(directory, { recursive: true })
  const schema = `input_schema: { type: object, properties: ${properties}, additionalProperties: false }`
  writeFileSync(
    path.join(directory, 'SKILL.md'),
    `---\nname: ${name}\ndescription: Test skill ${name}.\nentry_point: main.py\n${schema}\n---\n\n# ${name}\n\nInstructions of ${name}.\n`,
  )
  writeFileSync(path.join(directory, 'main.py'), `import json, sys\nargs = json.load(sys.stdin)\n${script}\n`)
  return directory
}

/** Code that a scan asks about, and that is harmless to run: it appends a line to a file and prints it. */
export const suspicious = [
  'import base64',
  'exec(base64.b64decode("cHJpbnQoJ2RlY29kZWQnKQ=="))',
  'print(args["say"])',
].join('\n')
