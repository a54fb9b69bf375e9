import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll } from 'vitest'

interface TestSkill {
  /** `properties` and `required` of the schema, as YAML. */
  readonly schema: string
  /** Python; gets its arguments as `args`. */
  readonly script: string
}

const skills: Readonly<Record<string, TestSkill>> = {
  adder: {
    schema: 'properties: { a: { type: number }, b: { type: number, default: 1 } }, required: [a]',
    script: 'print(args["a"] + args["b"])',
  },
  failing: {
    schema: 'properties: { reason: { type: string } }',
    script: 'sys.exit(args.get("reason", "no reason"))',
  },
  sleeper: {
    schema: 'properties: { seconds: { type: number } }',
    script: 'import time\nprint("begun", flush=True)\ntime.sleep(args["seconds"])\nprint("slept")',
  },
  // A scan asks about it; it is harmless to run.
  suspicious: {
    schema: 'properties: { say: { type: string } }',
    script: 'import base64\nexec(base64.b64decode("cHJpbnQoJ2RlY29kZWQnKQ=="))\nprint(args["say"])',
  },
}

/** Writes the skills of these tests to a directory that is gone after them. */
export function testSkills(): string {
  const root = realpathSync(mkdtempSync(path.join(tmpdir(), 'openai-tools-')))
  afterAll(() => rmSync(root, { recursive: true }))
  for (const [name, { schema, script }] of Object.entries(skills)) {
    const directory = path.join(root, name)
    mkdirSync(directory)
    writeFileSync(
      path.join(directory, 'SKILL.md'),
      `---\nname: ${name}\ndescription: The ${name} of a test.\ninput_schema: { type: object, ${schema} }\n---\n# ${name}\n`,
    )
    writeFileSync(
      path.join(directory, 'main.py'),
      `import json, sys\nargs = json.load(sys.stdin)\n${script}\n`,
    )
  }
  return root
}
