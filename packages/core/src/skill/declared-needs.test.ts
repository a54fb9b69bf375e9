import { expect, test } from 'vitest'
import { readDeclaredNeeds } from './declared-needs.js'
import { readRuntime } from './runtime-block.js'

test.each([
  ['a client in metadata', { metadata: { openclaw: { requires: { env: ['API_KEY'], bins: ['jq'] } } } }],
  ['metadata itself', { metadata: { requires: { env: ['API_KEY'], bins: 'jq' } } }],
  ['the front matter', { requires: { env: 'API_KEY', bins: ['jq'] } }],
  ['the main variable', { metadata: { clawdbot: { primaryEnv: 'API_KEY', requires: { bins: ['jq'] } } } }],
  [
    'required_environment_variables',
    { required_environment_variables: [{ name: 'API_KEY', prompt: 'Key' }], requires: { bins: ['jq'] } },
  ],
])('reads what is needed from %s', (_, data) => {
  expect(readDeclaredNeeds(data)).toEqual({ env: ['API_KEY'], programs: ['jq'] })
})

test('passes over what is no name, and other clients’ forms', () => {
  const data = {
    metadata: {
      a: { requires: ['x'] },
      b: { requires: { env: [{ prompt: 'x' }, 'A B', '1A', 'OK'], bins: ['/bin/sh', 'a b'] } },
      c: 'x',
    },
    required_environment_variables: { API_KEY: 'x' },
  }
  expect(readDeclaredNeeds(data)).toEqual({ env: ['OK'] })
  expect(readDeclaredNeeds({})).toEqual({})
})

test('joins what the Runtime block and other fields declare', () => {
  const data = { metadata: { openclaw: { requires: { env: ['B', 'A'] } } } }
  const body = '## Runtime\n\n```yaml\nenv: [A, C]\n```\n'
  const { runtime, diagnostics } = readRuntime({ data, lines: new Map(), body, bodyLine: 1 }, '/x/SKILL.md')
  expect([runtime.env, diagnostics]).toEqual([['A', 'C', 'B'], []])
})
