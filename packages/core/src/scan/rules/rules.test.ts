import { describe, expect, test } from 'vitest'
import { undeclaredFacts } from '../judge/declared.js'
import { allFindings } from '../judge/judge.js'
import { scanContent } from '../scan-content.js'
import { exampleSkill } from './example-skill.js'
import type { ExampleSource } from './rule.js'
import { ruleSources } from './rules.js'

async function findingsOf(example: ExampleSource) {
  const { facts, units } = await scanContent(exampleSkill(example))
  return allFindings([...facts, ...undeclaredFacts(facts, units)])
}

const rulesFound = async (example: ExampleSource) =>
  (await findingsOf(example)).map(({ ruleId, severity }) => ({ ruleId, severity }))

describe.each(ruleSources.map((rule) => [rule.id, rule] as const))('rule %s', (id, rule) => {
  test.each(rule.examples.match.map((example) => [example.text, example] as const))(
    'finds %j',
    async (_text, example) => {
      expect(await rulesFound(example)).toContainEqual({ ruleId: id, severity: rule.severity })
    },
  )

  test.each(rule.examples['no-match'].map((example) => [example.text, example] as const))(
    'passes %j',
    async (_text, example) => {
      const found = await rulesFound(example)
      expect(found.filter((finding) => finding.ruleId === id && finding.severity === rule.severity)).toEqual(
        [],
      )
    },
  )
})

test('rules have an id of their own, and examples of both kinds', () => {
  const ids = ruleSources.map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
  expect(
    ruleSources.filter(({ examples }) => examples.match.length === 0 || examples['no-match'].length === 0),
  ).toEqual([])
})
