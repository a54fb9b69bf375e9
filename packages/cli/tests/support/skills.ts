import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll } from 'vitest'

/** An empty directory that is gone after the test file. */
export function temporaryDirectory(): string {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'skilllite-cli-')))
  afterAll(() => rmSync(directory, { recursive: true, force: true }))
  return directory
}

/** Writes a skill with these files and a `SKILL.md`, unless they bring their own. Returns its directory. */
export function writeSkill(
  parent: string,
  name: string,
  files: Readonly<Record<string, string>>,
  { frontMatter = '', body = '' } = {},
): string {
  const directory = join(parent, name)
  const skillFile = `---\nname: ${name}\ndescription: Test skill ${name}.\n${frontMatter}---\n\n# ${name}\n\n${body}\n`
  for (const [path, text] of Object.entries({ 'SKILL.md': skillFile, ...files })) {
    mkdirSync(dirname(join(directory, path)), { recursive: true })
    writeFileSync(join(directory, path), text, { mode: 0o755 })
  }
  return directory
}

/** A front matter line with the schema of an object. */
export function inputSchema(
  properties: Readonly<Record<string, unknown>>,
  required: readonly string[] = [],
): string {
  return `input_schema: ${JSON.stringify({ type: 'object', properties, required })}\n`
}
