import { describe, expect, test } from 'vitest'
import type { ArgumentPlan, CommandLevel, CommandLinePlan } from '../schema/argv-plan.js'
import { buildInvocation } from './build-invocation.js'

const plan = (level: CommandLevel, rules: Partial<CommandLinePlan> = {}): CommandLinePlan => ({
  kind: 'command-line',
  prefixes: '-',
  endOfOptions: true,
  ...rules,
  ...level,
})
const flag = (name: string, more: Partial<ArgumentPlan> = {}): ArgumentPlan =>
  ({ kind: 'flag', name, flag: `--${name}`, takes: 'one', form: 'auto', ...more }) as ArgumentPlan
const positional = (name: string, more: Partial<ArgumentPlan> = {}): ArgumentPlan =>
  ({ kind: 'positional', name, takes: 'one', ...more }) as ArgumentPlan

const built = (of: CommandLinePlan, args: Record<string, unknown>) => {
  try {
    return buildInvocation(of, args).argv.join(' ')
  } catch (error) {
    return (error as Error).message
  }
}

describe('buildInvocation()', () => {
  test('puts the arguments on stdin as one line of JSON', () => {
    expect(buildInvocation({ kind: 'stdin-json' }, { a: 'x\ny' })).toEqual({
      argv: [],
      stdin: '{"a":"x\\ny"}\n',
    })
  })

  test('hands on what nothing is known of', () => {
    expect(buildInvocation({ kind: 'raw' }, { args: ['-x', 'a b'], stdin: 'text' })).toEqual({
      argv: ['-x', 'a b'],
      stdin: 'text',
    })
  })

  const tool = plan({
    arguments: [
      flag('limit', { default: 10 }),
      flag('verbose', { takes: 'nothing', when: true, default: false }),
      flag('tag', { each: true }),
      flag('file', { takes: 'many' }),
      flag('pair', { takes: 'many', exactly: 2 }),
      flag('n', { flag: '-n' }),
      positional('input'),
      positional('output', { default: 'out.txt' }),
    ],
  })

  test.each([
    [{ input: 'a' }, 'a'],
    [{ input: 'a', limit: 10, verbose: false, output: 'out.txt' }, 'a'],
    [{ input: 'a', limit: 1e21, verbose: true }, '--limit 1000000000000000000000 --verbose a'],
    [{ input: 'a', tag: ['x', '-y'] }, '--tag x --tag=-y a'],
    [{ input: 'a', file: ['x', 'y'] }, '--file x y -- a'],
    [{ input: 'a', file: ['x', 'y'], limit: 1 }, '--file x y --limit 1 a'],
    [{ input: 'a', file: ['-x'] }, '--file=-x a'],
    [{ input: 'a', pair: ['x', 'y'] }, '--pair x y a'],
    [{ input: 'a', n: '-5' }, '-n-5 a'],
    [{ input: '--delete-all', output: '-' }, '-- --delete-all -'],
    [{ input: 'a', limit: -5 }, '--limit=-5 a'],
    // hostile
    [{ input: '--' }, 'input cannot be given as "--": it would end the flags'],
    [{ input: 'a', limit: '--' }, 'limit cannot be given as "--": it would end the flags'],
    [
      { input: 'a', file: ['x', '-y'] },
      'file cannot be given as "-y": --file would take it for a flag; it can only be given alone',
    ],
    [{ input: 'a\0b' }, 'input cannot be given as "a\\u0000b": a command line cannot hold a NUL character'],
    [
      { input: '\ud800' },
      'input cannot be given as "\\ud800": it holds half of a character (a lone surrogate)',
    ],
    [{ output: 'b' }, 'output cannot be given without input, which stands before it'],
  ])('builds %j', (args, line) => {
    expect(built(tool, args)).toBe(line)
  })

  test('refuses a word that is too long for a command line', () => {
    expect(built(tool, { input: 'ä'.repeat(70_000) })).toContain('at most 131071 bytes')
  })

  test('keeps values from becoming flags of a script that looks for flags anywhere', () => {
    const loop = plan(
      { arguments: [positional('input'), flag('out', { form: 'separate' })] },
      { endOfOptions: false },
    )
    expect(built(loop, { input: 'a', out: '-1' })).toBe('a --out -1')
    expect(built(loop, { input: 'a', out: '--out' })).toContain('the script would take it for its flag --out')
    expect(built(loop, { input: 'a', out: '--out=b' })).toContain(
      'the script would take it for its flag --out',
    )
    expect(built(loop, { input: '-x' })).toContain('the script would take it for a flag')
  })

  test('takes every word as a value where the script looks for no flags', () => {
    const indexed = plan(
      { arguments: [positional('a'), positional('b')] },
      { prefixes: '', endOfOptions: false },
    )
    expect(built(indexed, { a: '--x', b: '--' })).toBe('--x --')
  })

  test('refuses what the script would replace with the content of a file', () => {
    const files = plan({ arguments: [flag('x'), positional('p')] }, { filePrefixes: '@' })
    expect(built(files, { p: 'a', x: '@secret' })).toBe('--x=@secret a')
    expect(built(files, { p: '@secret' })).toContain('read further arguments from that file')
  })

  const git = plan({
    arguments: [flag('root'), flag('all', { takes: 'many' })],
    commands: {
      name: 'command',
      required: true,
      choices: {
        add: {
          arguments: [
            flag('force', { takes: 'nothing', when: true, default: false }),
            positional('path', { required: true }),
          ],
        },
        log: { arguments: [flag('root'), flag('max', { default: 5 })] },
      },
    },
  })

  test.each([
    [{ command: 'add', path: '-x', force: true, root: 'r' }, '--root r add --force -- -x'],
    [{ command: 'log', root: 'r', max: 5 }, 'log --root r'],
    [{ command: 'add', path: 'x', max: 5 }, 'add x'],
    [{ command: 'add', path: 'x', all: ['a', 'b'], root: 'r' }, '--all a b --root r add x'],
    [{ command: 'add' }, 'path is missing, which is needed here'],
    [{ path: 'x' }, 'command is missing, which is needed here'],
    [{ command: 'add', path: 'x', max: 7 }, 'max belongs to log, which is not what was chosen'],
    [{ command: 'constructor' }, 'command cannot be "constructor" here; there are add, log'],
    [
      { command: 'add', path: 'x', all: ['a', 'b'] },
      'all would swallow the command; give it one item, or another argument as well',
    ],
  ])('builds sub-commands from %j', (args, line) => {
    expect(built(git, args)).toBe(line)
  })

  test('counts, spells out opposites and constants, and knows what a script adds to', () => {
    const kinds = plan({
      arguments: [
        flag('v', { flag: '-v', takes: 'count', default: 1, adds: true }),
        flag('color', { takes: 'nothing', when: true, default: true }),
        flag('color', { flag: '--no-color', takes: 'nothing', when: false, default: true }),
        flag('format', { flag: '--json', takes: 'nothing', when: 'json', default: 'text' }),
        flag('format', { flag: '--csv', takes: 'nothing', when: 'csv', default: 'text' }),
        flag('list', { each: true, adds: true, default: ['a'] }),
        flag('only', { takes: 'nothing', when: true, default: true }),
      ],
    })
    expect(built(kinds, { v: 3, color: false, format: 'csv', list: ['a', 'b'] })).toBe(
      '-v -v --no-color --csv --list b',
    )
    expect(built(kinds, { v: 1, color: true, format: 'text', list: ['a'] })).toBe('')
    expect(built(kinds, { list: ['b'] })).toContain('the script always begins with ["a"]')
    expect(built(kinds, { only: false })).toBe(
      'only cannot be given as false: the script has no flag that says so',
    )
    expect(built(kinds, { format: 'xml' })).toContain('the script has no flag that says so')
    expect(built(kinds, { v: 5_000 })).toContain('a whole number from 1 to 1001')
  })

  test('checks what excludes each other, and what one of is needed', () => {
    const exclusive = plan({
      arguments: [flag('a', { default: 1 }), flag('b', { default: 2 })],
      exclusive: [{ names: ['a', 'b'], required: true }],
    })
    expect(built(exclusive, { a: 1, b: 3 })).toBe('--b 3')
    expect(built(exclusive, { a: 2, b: 3 })).toBe('a and b exclude each other: give only one of them')
    expect(built(exclusive, { a: 1, b: 2 })).toBe('one of a, b is needed')
  })

  test('writes values as the script reads them', () => {
    const kinds = plan({
      arguments: [
        flag('data', { form: 'joined', encoding: 'json' }),
        flag('fire', { form: 'joined', encoding: 'python' }),
        flag('yes', { words: ['yes', 'no'] }),
      ],
    })
    expect(built(kinds, { data: { a: [1] } })).toBe('--data={"a":[1]}')
    expect(built(kinds, { fire: [true, null, 'a'] })).toBe('--fire=[True, None, "a"]')
    expect(built(kinds, { yes: true })).toBe('--yes yes')
  })

  test('puts what the script reads from stdin there', () => {
    const text = plan({ arguments: [] }, { stdin: { kind: 'text', name: 'stdin' } })
    expect(buildInvocation(text, { stdin: 'hello' })).toEqual({ argv: [], stdin: 'hello' })
    const json = plan({ arguments: [flag('x')] }, { stdin: { kind: 'json', names: ['a', 'b'] } })
    expect(buildInvocation(json, { x: '1', a: 2 })).toEqual({ argv: ['--x', '1'], stdin: '{"a":2}\n' })
  })
})
