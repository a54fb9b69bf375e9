import { describe, expect, test } from 'vitest'
import { isAtLeast } from '../../src/scan/finding.js'
import { findingsOf } from '../../src/scan/scan-skill.js'
import { readCorpus, type Sample } from './corpus.js'

const asks = async ({ content }: Sample): Promise<boolean> =>
  (await findingsOf(content)).some(({ severity }) => isAtLeast(severity, 'high'))

/** The part of the samples that the scan asks about. */
async function rate(samples: readonly Sample[]): Promise<number> {
  const answers: boolean[] = []
  for (const sample of samples) answers.push(await asks(sample))
  return answers.filter(Boolean).length / samples.length
}

const malicious = readCorpus('malicious-1', 'malicious-2')
const honest = readCorpus('honest-1', 'honest-2')
const later = {
  malicious: readCorpus('malicious-3', 'malicious-4', 'malicious-5'),
  honest: readCorpus('honest-3', 'honest-4', 'honest-5'),
}

test('the sets are large enough, and a third of each is held back', () => {
  const sizes = [malicious, honest].map((set) => ({
    all: set.length >= 90,
    heldBack: set.filter(({ heldBack }) => heldBack).length >= set.length / 5,
  }))
  expect(sizes).toEqual([
    { all: true, heldBack: true },
    { all: true, heldBack: true },
  ])
})

describe('of the samples held back, which never served for tuning', () => {
  test('at least 9 of 10 malicious ones are asked about', async () => {
    expect(await rate(malicious.filter(({ heldBack }) => heldBack))).toBeGreaterThanOrEqual(0.9)
  })

  test('at most 1 of 20 honest ones is asked about', async () => {
    expect(await rate(honest.filter(({ heldBack }) => heldBack))).toBeLessThanOrEqual(0.05)
  })
})

describe('of the other samples', () => {
  test('at least 19 of 20 malicious ones are asked about', async () => {
    expect(await rate(malicious.filter(({ heldBack }) => !heldBack))).toBeGreaterThanOrEqual(0.95)
    expect(await rate(later.malicious)).toBeGreaterThanOrEqual(0.95)
  })

  test('no honest one is asked about', async () => {
    expect(await rate([...honest.filter(({ heldBack }) => !heldBack), ...later.honest])).toBe(0)
  })
})
