import type { BaseToolWithCall } from '@llamaindex/core/llms'
import type { agent } from '@llamaindex/workflow'
import type { RunOptions, SkillManager } from '@skilllite/core'
import type { BaseToolWithCall as NewestTool } from 'llamaindex-core-newest/llms'
import { expectTypeOf, test } from 'vitest'
import { SkillLiteToolSpec, type ToolSpecOptions } from './index.js'

test('the types fit those of LlamaIndex, of both versions', () => {
  expectTypeOf(SkillLiteToolSpec.fromManager).parameters.toEqualTypeOf<[SkillManager, ToolSpecOptions?]>()
  expectTypeOf<SkillLiteToolSpec['toToolList']>().returns.toEqualTypeOf<BaseToolWithCall[]>()
  expectTypeOf<ReturnType<SkillLiteToolSpec['toToolList']>>().toExtend<NewestTool[]>()
  expectTypeOf<ReturnType<SkillLiteToolSpec['toToolList']>>().toExtend<
    NonNullable<Parameters<typeof agent>[0]['tools']>
  >()
})

test('options are those of a run, and none that a call sets itself', () => {
  expectTypeOf<{ timeoutMs: 1_000; sandboxLevel: 2; skills: ['a*'] }>().toExtend<ToolSpecOptions>()
  expectTypeOf<{ sandboxLevel: 4 }>().not.toExtend<ToolSpecOptions>()
  expectTypeOf<keyof ToolSpecOptions & ('approved' | 'level' | 'script')>().toEqualTypeOf<never>()
  expectTypeOf<ToolSpecOptions['timeoutMs']>().toEqualTypeOf<RunOptions['timeoutMs']>()
})
