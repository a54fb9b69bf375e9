import { suspicious, temporaryDirectory, writeSkill } from './skills.js'

/** Writes the skills of the tests of tools to a directory that is gone after them. */
export function toolSkills(): string {
  const root = temporaryDirectory()
  writeSkill(
    root,
    'adder',
    '{ a: { type: number }, b: { type: number, default: 1 } }, required: [a]',
    'print(args["a"] + args["b"])',
  )
  writeSkill(root, 'failing', '{ reason: { type: string } }', 'sys.exit(args.get("reason", "no reason"))')
  writeSkill(
    root,
    'sleeper',
    '{ seconds: { type: number } }',
    'import time\nprint("begun", flush=True)\ntime.sleep(args["seconds"])',
  )
  writeSkill(root, 'suspicious', '{ say: { type: string } }', suspicious)
  return root
}
