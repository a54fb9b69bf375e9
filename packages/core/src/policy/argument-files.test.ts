import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SkillManager } from '../manager.js'
import type { RunOptions } from '../sandbox/run-options.js'
import type { CompletedRun } from '../sandbox/run-result.js'

const root = realpathSync(mkdtempSync(path.join(tmpdir(), 'argument-files-')))
const project = path.join(root, 'project')
const at = (...parts: string[]): string => path.join(project, ...parts)

/** Says what it was given, what that file holds, and what else it sees beside it. */
const script = `
import argparse, json, os, pathlib
parser = argparse.ArgumentParser()
parser.add_argument('input', type=pathlib.Path)
parser.add_argument('--more-files', nargs='*')
parser.add_argument('--title')
args = parser.parse_args()
def look(name):
    try: return open(name).read()
    except OSError as error: return type(error).__name__
def write(name):
    try: open(name, 'a').write('changed'); return 'written'
    except OSError as error: return type(error).__name__
def list(name):
    try: return sorted(os.listdir(name))
    except OSError as error: return []
print(json.dumps({
    'given': str(args.input), 'title': args.title, 'text': look(args.input), 'write': write(args.input),
    'more': [look(name) for name in args.more_files or []],
    'beside': list(args.input.parent),
}))
`

let manager: SkillManager
beforeAll(async () => {
  const files: Record<string, string> = {
    'skills/reader/SKILL.md': '---\nname: reader\ndescription: Reads.\n---\n',
    'skills/reader/scripts/main.py': script,
    'skills/reader/own.txt': "the skill's own",
    'skills/json/SKILL.md':
      '---\nname: json\ndescription: Reads.\ninput_schema: {type: object, properties: {source: {type: string, format: path}, text: {type: string}}}\n---\n',
    'skills/json/main.py':
      'import json, sys\nargs = json.load(sys.stdin)\nprint(args["source"], open(args["source"]).read(), args.get("text"))\n',
    'project/data.csv': 'a,b\n',
    'project/other.csv': 'other\n',
    'project/.env': 'TOKEN=x\n',
    'project/.hidden/data.csv': 'hidden\n',
    'project/id_ed25519': 'key\n',
    'project/server.pem': 'key\n',
    'project/prod.env': 'TOKEN=x\n',
    'project/id_rsa.bak': 'key\n',
    'project/key.PEM.old': 'key\n',
    'project/new\nline.csv': 'lines\n',
    'home/.ssh/config': 'ssh\n',
    'outside.csv': 'outside\n',
  }
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true })
    writeFileSync(path.join(root, file), text)
  }
  mkdirSync(at('directory'))
  symlinkSync('data.csv', at('link.csv'))
  symlinkSync('/etc/shadow', at('shadow.csv'))
  symlinkSync('.', at('here'))
  spawnSync('mkfifo', [at('pipe')])
  manager = await SkillManager.load({
    skillsDir: path.join(root, 'skills'),
    sandboxLevel: 2,
    cwd: project,
    files: 'arguments',
  })
})
afterAll(() => rmSync(root, { recursive: true }))

async function read(args: Record<string, unknown>, options: RunOptions = {}): Promise<CompletedRun> {
  const result = await manager.run('reader', args, options)
  if (result.status !== 'completed') throw new Error(result.status)
  return result
}

describe.each(['namespaces', 'landlock'] as const)("files: 'arguments', %s", (backend) => {
  test('grants exactly the file that is named, to be read, at an absolute path', async () => {
    const { output } = await read({ input: 'data.csv', title: 'other.csv' }, { backend })
    expect(output).toMatchObject({
      given: at('data.csv'),
      text: 'a,b\n',
      // a title is no path, whatever it names
      title: 'other.csv',
      write: expect.stringMatching(/Error$/),
    })
    expect(output).toMatchObject({ beside: backend === 'namespaces' ? ['data.csv'] : [] })
    expect(
      (await read({ input: 'data.csv', more_files: [at('data.csv')] }, { backend })).output,
    ).toMatchObject({
      more: ['a,b\n'],
    })
  })

  test('shows a link under its own name, with the file that it leads to', async () => {
    const { output } = await read({ input: 'link.csv', more_files: ['here/other.csv'] }, { backend })
    expect(output).toMatchObject({ given: at('link.csv'), text: 'a,b\n', more: ['other\n'] })
  })

  test('grants what a path with .. or a line break names', async () => {
    expect((await read({ input: '../outside.csv' }, { backend })).output).toMatchObject({
      given: path.join(root, 'outside.csv'),
      text: 'outside\n',
    })
    expect((await read({ input: 'new\nline.csv' }, { backend })).output).toMatchObject({ text: 'lines\n' })
  })

  const refused: readonly (readonly [string, RegExp])[] = [
    ['shadow.csv', /it belongs to the system/],
    ['/etc/shadow', /it belongs to the system/],
    ['/proc/self/environ', /it belongs to the system\.$/],
    ['/dev/zero', /no ordinary file\.$/],
    ['pipe', /no ordinary file\.$/],
    ['directory', /it is a directory; --allow-read/],
    ['.env', /secrets are kept/],
    ['id_ed25519', /secrets are kept/],
    ['server.pem', /secrets are kept/],
    ['prod.env', /secrets are kept/],
    ['id_rsa.bak', /secrets are kept/],
    ['key.PEM.old', /secrets are kept/],
    ['../home/.ssh/config', /secrets are kept/],
    ['.hidden/data.csv', /it is hidden; --allow-read/],
    ['new.csv', /does not exist here.*SKILL_OUTPUT_DIR.*--allow-write/],
  ]
  test.each(refused)('does not grant %j, and says why', async (input, reason) => {
    const { output, hint } = await read({ input }, { backend, limits: { wallMs: 5_000 } })
    expect(hint).toMatch(reason)
    // /proc and /dev inside are the sandbox's own
    if (!/^\/(proc|dev)\//.test(input))
      expect(output).toMatchObject({ given: input, text: expect.stringMatching(/Error$/) })
  })
})

describe("files: 'arguments'", () => {
  test('grants nothing where the host has not said so', async () => {
    const { output, hint } = await read({ input: 'data.csv' }, { files: 'listed' })
    expect([output, hint]).toEqual([expect.objectContaining({ text: 'FileNotFoundError' }), undefined])
  })

  test('grants a hidden file that allowRead names', async () => {
    expect((await read({ input: '.env' }, { allowRead: ['.env'] })).output).toMatchObject({
      text: 'TOKEN=x\n',
    })
  })

  test('leaves a file writable that lies in what may be written', async () => {
    writeFileSync(at('directory', 'mine.txt'), '')
    const { output } = await read({ input: 'directory/mine.txt' }, { allowWrite: ['directory'] })
    expect(output).toMatchObject({ given: at('directory', 'mine.txt'), write: 'written' })
  })

  test("leaves a path of the skill's own to the skill", async () => {
    const { output, hint } = await read({ input: 'own.txt' })
    expect([output, hint]).toEqual([expect.objectContaining({ text: "the skill's own" }), undefined])
  })

  test('knows a path by the format that a schema gives it', async () => {
    const result = await manager.run('json', { source: 'data.csv', text: 'other.csv' })
    expect(result).toMatchObject({ stdout: `${at('data.csv')} a,b\n other.csv\n` })
  })

  test('ends the run where the file became a link to another meanwhile', async () => {
    writeFileSync(at('swapped.csv'), 'before')
    const onProgress: RunOptions['onProgress'] = ({ kind }) => {
      if (kind !== 'run-started') return
      renameSync(at('swapped.csv'), at('moved.csv'))
      symlinkSync('/etc/shadow', at('swapped.csv'))
    }
    await expect(read({ input: 'swapped.csv' }, { onProgress })).rejects.toMatchObject({
      code: 'SANDBOX_SETUP_FAILED',
    })
  })
})
