import fc from 'fast-check'
import { expect, test } from 'vitest'
import { composeDescription } from './compose-description.js'

test.each([
  [
    'the only script',
    { skill: 'Works with PDFs.', about: 'Fills in a form.' },
    'Works with PDFs.\nFills in a form.',
  ],
  [
    'one of several',
    { skill: 'Works with PDFs.', script: 'fill.py', about: 'Fills in a form.' },
    'Fills in a form.\nWorks with PDFs. (runs fill.py)',
  ],
  [
    'one that says nothing',
    { skill: 'Works with PDFs.', script: 'fill.py' },
    'Works with PDFs. (runs fill.py)',
  ],
  ['one that says the same', { skill: 'Works with PDFs.', about: 'works  with PDFs' }, 'Works with PDFs.'],
  ['odd spaces', { skill: ' Works\t with \n\n\n\nPDFs. ' }, 'Works with \n\nPDFs.'],
])('composeDescription() for %s', (_kind, about, expected) => {
  expect(composeDescription(about)).toBe(expected)
})

test('composeDescription() gives each part room when both are long, and keeps the path', () => {
  const text = composeDescription({ skill: 's'.repeat(2_000), about: 'a'.repeat(2_000), script: 'x/fill.py' })
  expect(text).toHaveLength(1_024)
  expect(text).toMatch(/^a{400,}…\ns{400,}… \(runs x\/fill\.py\)$/)
})

test('composeDescription() keeps a short script whole beside a long skill', () => {
  const text = composeDescription({ skill: 's'.repeat(2_000), about: 'Fills in.', script: 'fill.py' })
  expect(text).toMatch(/^Fills in\.\ns{900,}… \(runs fill\.py\)$/)
})

test('composeDescription() never exceeds 1,024 characters', () => {
  const text = fc.string({ unit: fc.constantFrom('a', ' ', '\n', '😀', '.'), maxLength: 1_500 })
  const script = fc.option(text, { nil: undefined })
  fc.assert(
    fc.property(text, script, script, (skill, about, path) => {
      expect([...composeDescription({ skill, about, script: path })].length).toBeLessThanOrEqual(1_024)
    }),
  )
})
