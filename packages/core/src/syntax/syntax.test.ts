import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { SyntaxLanguage } from './grammar.js'
import { parseSource } from './parse-source.js'

const samples: readonly (readonly [SyntaxLanguage, string, string])[] = [
  ['python', 'x = f(1)', 'call'],
  ['javascript', 'const x = f(1)', 'call_expression'],
  ['typescript', 'const x: number = f(1)', 'type_annotation'],
  ['tsx', 'const x: A = <b/>', 'jsx_self_closing_element'],
  ['bash', 'echo "$1"', 'simple_expansion'],
]

async function rootOf(language: SyntaxLanguage, text: string) {
  const { root, problems } = await parseSource(language, text)
  expect(problems).toEqual([])
  if (root === undefined) throw new Error('no tree')
  return root
}

describe('parseSource()', () => {
  test.each(samples)('reads %s', async (language, text, type) => {
    const found = [...(await rootOf(language, text)).find(type)]
    expect(found).toHaveLength(1)
  })

  test('gives texts, lines and roles, also beyond the basic plane', async () => {
    const root = await rootOf('python', '# 🙂\nname = "🙂"; f(a, key=2)\n')
    const [call] = root.find('call')
    expect(call?.text).toBe('f(a, key=2)')
    expect(call?.line).toBe(2)
    expect(call?.field('function')?.text).toBe('f')
    expect(call?.field('arguments')?.parts.map(({ text }) => text)).toEqual(['a', 'key=2'])
    expect(call?.closest('module')).toBe(root)
    expect([...root.find('string')].map(({ text }) => text)).toEqual(['"🙂"'])
    expect(root.children.map(({ next }) => next?.type)).toEqual([
      ...root.children.slice(1).map(({ type }) => type),
      undefined,
    ])
  })

  test('says where a syntax error is, and gives what it understood', async () => {
    const { root, problems } = await parseSource('python', 'x = 1\ndef (:\n')
    expect(problems).toEqual([{ code: 'syntax-error', message: 'is not valid python', line: 2 }])
    expect([...(root?.find('assignment') ?? [])]).toHaveLength(1)
  })

  test.each([
    ['open brackets', '('.repeat(100_000)],
    ['closed brackets', `${'['.repeat(50_000)}${']'.repeat(50_000)}`],
    ['a long sum', `x = ${'a + '.repeat(50_000)}a`],
    ['nested strings', 'f"{'.repeat(5_000)],
  ])('cuts %s at the bound instead of overflowing the stack', async (_, text) => {
    const { root, problems } = await parseSource('python', text)
    const depthOf = (node: typeof root): number =>
      Math.max(0, ...(node?.children ?? []).slice(0, 100).map((child) => depthOf(child) + 1))
    expect(depthOf(root)).toBeLessThanOrEqual(600)
    expect(problems.length).toBeGreaterThan(0)
  })

  test('does not read what is too large, and stops when time is up; the next text is read as usual', async () => {
    const large = await parseSource('python', 'x = 1\n'.repeat(2_000_000))
    expect(large.root).toBeUndefined()
    expect(large.problems.map(({ code }) => code)).toEqual(['source-too-large'])
    const slow = await parseSource('python', 'x = [1, 2, 3]\n'.repeat(50_000), { maxMs: 0 })
    expect(slow.problems.map(({ code }) => code)).toEqual(['source-too-slow'])
    const many = await parseSource('python', 'x = [1, 2, 3]\n'.repeat(1_000), { maxNodes: 100 })
    expect(many.problems.map(({ code }) => code)).toEqual(['source-too-large'])
    expect((await rootOf('python', 'y = 2')).text).toBe('y = 2')
  })

  test('never throws, whatever the text', async () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 400 }),
      fc
        .array(fc.constantFrom('(', '"""', 'f"{', 'def ', ':\n  ', '<<E\n', '${', '`', '\0', '\ud800', '\\'))
        .map((parts) => parts.join('')),
    )
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...samples.map(([language]) => language)),
        text,
        async (language, source) => {
          const { root } = await parseSource(language, source)
          expect(root).toBeDefined()
        },
      ),
      { numRuns: 300 },
    )
  })
})
