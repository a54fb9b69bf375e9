import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { commands } from '../src/command-line/commands.js'
import { bin, skilllite, start } from './support/command.js'
import { temporaryDirectory, writeSkill } from './support/skills.js'

const skills = temporaryDirectory()
writeSkill(skills, 'greeter', { 'scripts/main.sh': '#!/bin/sh\necho hello\n' })
const workingDirectory = temporaryDirectory()
mkdirSync(join(workingDirectory, 'has space'))

describe('skilllite', () => {
  test('without a command prints the overview on stderr and exits with 2', async () => {
    const result = await skilllite([])
    expect(result).toMatchObject({ status: 2, stdout: '' })
    expect(result.stderr).toContain('Usage: skilllite COMMAND')
  })

  test('--version prints the version of the package', async () => {
    expect(await skilllite(['--version'])).toEqual({ status: 0, signal: null, stdout: '0.1.0\n', stderr: '' })
  })

  test('--help lists every command of the table, and no other', async () => {
    const { status, stdout } = await skilllite(['--help'])
    expect(status).toBe(0)
    const listed = [...stdout.matchAll(/^ {2}([a-z]+) {2,}[A-Z]/gm)].map(([, name]) => name)
    expect(listed).toEqual(commands.map((command) => command.name))
  })

  test.each(commands.map((command) => command.name))(
    '%s --help gives usage, options and one example',
    async (name) => {
      const { status, stdout, stderr } = await skilllite([name, '--help'])
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
      expect(stdout).toContain(`Usage: skilllite ${name}`)
      expect(stdout).toMatch(/^Example:\n {2}\S/m)
    },
  )

  test.each([
    [['rnu'], 'Unknown command "rnu".\n  Did you mean run?'],
    [['validat'], 'Did you mean validate?'],
    [['scam'], 'Did you mean scan?'],
    [['scan'], 'skilllite scan needs PATH.'],
    [['run', 'x', '--levl', '2'], 'Unknown option --levl for skilllite run.\n  Did you mean --level?'],
    [['list', '--fromat=json'], 'Did you mean --format?'],
    [['list', '-z'], 'Unknown option -z for skilllite list.'],
    [['--versoin'], 'Did you mean --version?'],
    [['run', 'x', '--level', '4'], '--level must be one of 1, 2, 3; got "4".'],
    [['run', 'x', '--level'], '--level needs a value'],
    [['run', 'x', '--timeout', '--yes'], '--timeout needs a value'],
    [['run', 'x', '--timeout', 'soon'], '--timeout must be a number above 0, got "soon".'],
    [['run', 'x', '--timeout=0'], '--timeout must be a number above 0'],
    [['run', 'x', '--level', '1', '--level', '2'], '--level is given 2 times'],
    [['run', 'x', '--yes=no'], '--yes takes no value.'],
    [['run', 'x', '--env', '9=1'], '--env needs NAME or NAME=VALUE'],
    [['run', 'x', 'nonsense'], 'Expected KEY=VALUE or KEY:=JSON, got "nonsense".'],
    [['run', 'x', 'a:={'], 'a:= needs JSON'],
    [['run', 'x', '--input', '{'], 'The value of --input is not JSON'],
    [['run', 'x', '--input', '[1]'], 'must be a JSON object, got a list.'],
    [['run', 'x', '--input', '@/nonexistent.json'], 'Cannot read the input file'],
    [['run', 'x', '--input', '{}', 'a=1'], 'not from both'],
    [['run'], 'skilllite run needs SKILL.'],
    [['show', 'a', 'b'], 'does not expect "b"'],
    [['exec', 'x'], 'needs a command after --'],
    [['completion', 'tcsh'], 'There is one for bash, zsh and fish.'],
  ])('%j is wrong usage: exit 2, a message with the way out, nothing on stdout', async (args, message) => {
    const result = await skilllite(args)
    expect(result).toMatchObject({ status: 2, stdout: '' })
    expect(result.stderr).toContain(message)
    expect(result.stderr).not.toMatch(/^\s+at /m)
  })

  test.each(['SKILLLITE_LEVEL', 'SKILLBOX_SANDBOX_LEVEL'])(
    '%s with nonsense is named in the message',
    async (name) => {
      const result = await skilllite(['run', 'x'], { env: { [name]: 'high' } })
      expect(result).toMatchObject({ status: 2, stdout: '' })
      expect(result.stderr).toContain(`${name} must be 1, 2 or 3; got "high".`)
    },
  )
})

describe('skilllite completion', () => {
  const complete = (...words: string[]) =>
    start(
      '/bin/bash',
      [
        '-c',
        `skilllite() { "$NODE" "$BIN" "$@"; }
       eval "$(skilllite completion bash)"
       COMP_WORDS=("$@"); COMP_CWORD=$(( $# - 1 )); _skilllite; printf '%s\\n' "\${COMPREPLY[@]}"`,
        'bash',
        ...words,
      ],
      { env: { NODE: process.execPath, BIN: bin, SKILLLITE_SKILLS_DIR: skills }, cwd: workingDirectory },
    )

  test.each([
    [['skilllite', 'va'], 'validate\n'],
    [['skilllite', 'run', '--allow-h'], '--allow-host\n'],
    [['skilllite', 'run', '--level', ''], '1\n2\n3\n'],
    [['skilllite', 'show', 'gree'], 'greeter\n'],
    [['skilllite', 'validate', 'has'], 'has space\n'],
  ])('bash completes %j', async (words, expected) => {
    expect(await complete(...words)).toMatchObject({ stdout: expected, stderr: '' })
  })

  test('names of skills that a shell would expand are left out', async () => {
    writeSkill(skills, 'evil', { 'SKILL.md': '---\nname: $(touch /tmp/evil)\ndescription: Evil.\n---\n' })
    const { stdout } = await skilllite(['completion', 'names'], { env: { SKILLLITE_SKILLS_DIR: skills } })
    expect(stdout).toBe('greeter\n')
  })

  test.each(['zsh', 'fish'])('%s gets a script that knows every command', async (shell) => {
    const { status, stdout } = await skilllite(['completion', shell])
    expect(status).toBe(0)
    for (const command of commands) expect(stdout).toContain(command.name)
  })
})
