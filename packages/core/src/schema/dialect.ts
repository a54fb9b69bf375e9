import type { ArgumentProblem } from './argument-problem.js'

const drafts = /^https?:\/\/json-schema\.org\/(draft\/2020-12|draft\/2019-09|draft-0[4-7])\/schema#?$/

/** Whether a `$schema` names JSON Schema. All are read as 2020-12: skills seldom mean what they copied there. */
export function isKnownDialect(dialect: unknown): boolean {
  return typeof dialect === 'string' && drafts.test(dialect)
}

/** What a check says when it was stopped. */
export const tooLong: ArgumentProblem = {
  path: [],
  fault: { kind: 'other', text: 'take too long to check against the schema of the skill' },
}
