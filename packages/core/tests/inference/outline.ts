import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll } from 'vitest'
import { inferScript } from '../../src/schema/infer-script.js'
import type { InferredInterface } from '../../src/schema/inference.js'
import { buildInvocation } from '../../src/tools/build-invocation.js'

export { outline } from './outline-text.js'

/** A skill of these files, made for one test. */
export function skillOf(files: Readonly<Record<string, string>>, body = '') {
  const directory = mkdtempSync(join(tmpdir(), 'inference-'))
  made.push(directory)
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true })
    writeFileSync(join(directory, path), text)
  }
  return { name: 'sample', directory, file: join(directory, 'SKILL.md'), body }
}

const made: string[] = []
afterAll(() => {
  for (const directory of made) rmSync(directory, { recursive: true, force: true })
})

/** What is inferred of one script, with other files of its skill. */
export function infer(
  path: string,
  text: string,
  {
    others = {},
    body = '',
  }: { readonly others?: Readonly<Record<string, string>>; readonly body?: string } = {},
): Promise<InferredInterface> {
  const language = path.endsWith('.sh') ? 'shell' : 'node'
  return inferScript(skillOf({ [path]: text, ...others }, body), { path, language })
}

/** The command line, or the reason why there is none. */
export function line({ argvPlan }: InferredInterface, args: Readonly<Record<string, unknown>>): string {
  try {
    const { argv, stdin } = buildInvocation(argvPlan, args)
    return [
      ...argv.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : JSON.stringify(word))),
      ...(stdin === '' ? [] : [`< ${stdin.trim()}`]),
    ].join(' ')
  } catch (error) {
    return (error as Error).message
  }
}
