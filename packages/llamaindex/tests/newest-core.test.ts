// Apart from the other tests, which have the older version: LlamaIndex warns where two are in one process.
import { SkillManager } from '@skilllite/core'
import { callTool } from 'llamaindex-core-newest/agent'
import { expect, test } from 'vitest'
import { skillDirectories } from '../../core/tests/adapter-skills/adapter-skills.js'
import { SkillLiteToolSpec } from '../src/index.js'

test('@llamaindex/core 0.6.23 calls a tool, and tells a result from an error', async () => {
  const manager = await SkillManager.load({ skillsDir: skillDirectories })
  const [tool] = SkillLiteToolSpec.fromManager(manager, { skills: ['calculator'] }).toToolList()
  const quiet = { log: () => {}, warn: () => {}, error: () => {} }
  const made = (input: Record<string, string | number>) =>
    callTool(tool, { id: 'call-1', name: 'calculator', input }, quiet)
  const good = await made({ operation: 'multiply', a: 15, b: 27 })
  expect([good.isError, JSON.parse(String(good.output)).result]).toEqual([false, 405])
  expect(await made({ operation: 'guess', a: 1 })).toMatchObject({
    isError: true,
    output: expect.stringContaining('operation must be'),
  })
})
