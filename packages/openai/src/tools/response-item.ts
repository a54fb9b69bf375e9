import type { ToolCall } from './tool-call.js'

/** A whole answer of the Responses API. */
export interface ResponseLike {
  readonly output: readonly { readonly type: string }[]
}

/** The answer to a `function_call`. */
export interface FunctionCallOutput {
  type: 'function_call_output'
  call_id: string
  output: string
  caller?: Caller
}

/** The answer to a `custom_tool_call`. */
export interface CustomToolCallOutput {
  type: 'custom_tool_call_output'
  call_id: string
  output: string
  caller?: Caller
}

/** The answer to a `shell_call`: one entry for each command. */
export interface ShellCallOutput {
  type: 'shell_call_output'
  call_id: string
  output: ShellOutput[]
  max_output_length?: number
  caller?: Caller
}

export interface ShellOutput {
  stdout: string
  stderr: string
  outcome: { type: 'exit'; exit_code: number } | { type: 'timeout' }
}

/** What goes into `input` of the next request. */
export type ResponseOutputForInput = FunctionCallOutput | CustomToolCallOutput | ShellCallOutput

/** Who made a call; an answer must name the same. */
export type Caller = { type: 'direct' } | { type: 'program'; caller_id: string }

/** Commands for a shell on this computer. */
export interface ShellCall {
  readonly id: string
  readonly commands: readonly string[]
  readonly timeoutMs?: number
  /** Most characters of one command's output. */
  readonly maxOutputLength?: number
}

/** A call of a response, and who made it. */
export type ResponseCall = { readonly caller?: Caller } & (
  | { readonly kind: 'tool'; readonly call: ToolCall }
  | { readonly kind: 'shell'; readonly shell: ShellCall }
)

/** An item of a response, as far as it is a call. */
interface Item {
  readonly type: string
  readonly call_id?: unknown
  readonly name?: unknown
  readonly arguments?: unknown
  readonly input?: unknown
  readonly caller?: Caller | null
  readonly environment?: { readonly type?: string } | null
  readonly action?: {
    readonly commands?: unknown
    readonly timeout_ms?: number | null
    readonly max_output_length?: number | null
  }
}

/** The calls that the client has to answer; an item without a `call_id` gets one, in the response too. */
export function responseCalls({ output }: ResponseLike): ResponseCall[] {
  return output.flatMap((item: Item, index): ResponseCall[] => {
    const caller = item.caller ? { caller: item.caller } : {}
    const name = typeof item.name === 'string' ? item.name : ''
    switch (item.type) {
      case 'function_call': {
        const call = { id: idOf(item, index), name, arguments: item.arguments, kind: 'function' } as const
        return [{ kind: 'tool', call, ...caller }]
      }
      case 'custom_tool_call': {
        const call = { id: idOf(item, index), name, arguments: item.input, kind: 'custom' } as const
        return [{ kind: 'tool', call, ...caller }]
      }
      case 'shell_call':
        // In a container of the provider's, the provider runs it.
        if (item.environment && item.environment.type !== 'local') return []
        return [{ kind: 'shell', shell: shellCall(item, index), ...caller }]
      default:
        return []
    }
  })
}

function shellCall(item: Item, index: number): ShellCall {
  const { commands, timeout_ms, max_output_length } = item.action ?? {}
  return {
    id: idOf(item, index),
    commands: Array.isArray(commands) ? commands.map(String) : [],
    ...(isCount(timeout_ms) ? { timeoutMs: timeout_ms } : {}),
    ...(isCount(max_output_length) ? { maxOutputLength: max_output_length } : {}),
  }
}

const isCount = (value: unknown): value is number => Number.isInteger(value) && Number(value) > 0

function idOf(item: Item, index: number): string {
  if (typeof item.call_id === 'string' && item.call_id !== '') return item.call_id
  const id = `call_${index}`
  Reflect.set(item, 'call_id', id)
  return id
}
