import { describe, expect, test } from 'vitest'
import { planCommand } from './plan-command.js'

describe('planCommand()', () => {
  test.each([
    ['python3 scripts/main.py --count=3', ['python3', 'scripts/main.py', '--count=3']],
    [`  python3 -c 'print("a b; c")'  `, ['python3', '-c', 'print("a b; c")']],
    [`python3 "it's"' fine' ''`, ['python3', "it's fine", '']],
    ['python3 straße.txt', ['python3', 'straße.txt']],
  ])('runs %j as the program and its arguments', (line, command) => {
    expect(planCommand(line, ['python3'])).toEqual({ kind: 'command', command })
    expect(planCommand(line, ['sh', 'python3'])).toEqual({ kind: 'command', command })
  })

  test('runs the very program that was granted', () => {
    expect(planCommand('git status', ['/opt/git/bin/git'])).toEqual({
      kind: 'command',
      command: ['/opt/git/bin/git', 'status'],
    })
  })

  test.each([
    'python3 a.py; id',
    'python3 a.py | cat',
    'python3 $(id)',
    'python3 `id`',
    'python3 "$HOME"',
    'python3 *.py',
    'python3 ~/x',
    'python3 a > b',
    'python3 a\nid',
    'python3 a & id',
    'python3 \\a',
    "python3 'a",
    'X=1 python3 a.py',
    'cat a.txt',
  ])('%j takes a shell', (line) => {
    expect(planCommand(line, ['python3', 'sh'])).toEqual({ kind: 'command', command: ['sh', '-c', line] })
    expect(planCommand(line, ['python3'])).toMatchObject({
      kind: 'refused',
      reason: expect.stringContaining('granted are python3'),
    })
  })

  test.each([
    ['python3 a.py', []],
    ['', ['sh']],
    ['sh\0', ['sh']],
    ['x'.repeat(40_000), ['sh']],
    ['id', ['python3']],
    ['/tmp/python3 a.py', ['python3']],
  ])('refuses %j with %j', (line, programs) => {
    expect(planCommand(line, programs)).toMatchObject({ kind: 'refused' })
  })
})
