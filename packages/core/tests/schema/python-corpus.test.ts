import { describe, expect, test } from 'vitest'
import { describeInferred, readCases } from './infer-cases.js'
import { inferText } from './infer-text.js'

describe.each(['python-argparse.txt', 'python-direct.txt', 'python-libraries.txt'])('%s', (file) => {
  test.each(readCases(file).map((entry) => [entry.title, entry] as const))(
    '%s',
    async (_, { code, expected }) => {
      const calls = [...expected.matchAll(/^\$ (.*)$/gm)].map(([, call = '']) => call)
      expect(describeInferred(await inferText(code), calls)).toBe(expected)
    },
  )
})
