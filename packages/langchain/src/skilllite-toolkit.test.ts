import type { BaseToolkit, StructuredToolInterface } from '@langchain/core/tools'
import { interrupt } from '@langchain/langgraph'
import type { RunOptions, SkillManager } from '@skilllite/core'
import type { createAgent, humanInTheLoopMiddleware } from 'langchain'
import { expectTypeOf, test } from 'vitest'
import { type ApprovalQuestion, SkillLiteToolkit, type ToolkitOptions } from './index.js'

test('the types fit those of LangChain', () => {
  expectTypeOf(SkillLiteToolkit.fromManager).parameters.toEqualTypeOf<[SkillManager, ToolkitOptions?]>()
  expectTypeOf<SkillLiteToolkit>().toExtend<BaseToolkit>()
  expectTypeOf<SkillLiteToolkit['getTools']>().returns.toEqualTypeOf<StructuredToolInterface[]>()
  expectTypeOf<ReturnType<SkillLiteToolkit['getTools']>>().toExtend<
    NonNullable<Parameters<typeof createAgent>[0]['tools']>
  >()
  expectTypeOf<ReturnType<SkillLiteToolkit['interruptOn']>>().toExtend<
    NonNullable<Parameters<typeof humanInTheLoopMiddleware>[0]['interruptOn']>
  >()
  expectTypeOf(interrupt<ApprovalQuestion>).toExtend<NonNullable<ToolkitOptions['interrupt']>>()
})

test('options are those of a run, and none that a call sets itself', () => {
  expectTypeOf<{ timeoutMs: 1_000; sandboxLevel: 2; skills: ['a*'] }>().toExtend<ToolkitOptions>()
  expectTypeOf<{ sandboxLevel: 4 }>().not.toExtend<ToolkitOptions>()
  expectTypeOf<keyof ToolkitOptions & ('approved' | 'signal' | 'level' | 'script')>().toEqualTypeOf<never>()
  expectTypeOf<ToolkitOptions['timeoutMs']>().toEqualTypeOf<RunOptions['timeoutMs']>()
})
