import vm from 'node:vm'

/** Thrown when {@link guarded} had to stop the work. */
export class TookTooLong extends Error {
  override readonly name = 'TookTooLong'
}

let trigger: { readonly script: vm.Script; readonly context: { task: (() => void) | undefined } } | undefined

/**
 * Runs work whose cost a stranger's schema decides, and stops it after `ms`. V8's watchdog ends loops, recursion and
 * regular expressions in mid-backtrack alike, which no inspection of a schema can promise.
 */
export function guarded<T>(ms: number, work: () => T): T {
  trigger ??= {
    script: new vm.Script('task()'),
    context: vm.createContext({ task: undefined }) as { task: (() => void) | undefined },
  }
  const { script, context } = trigger
  let result: { readonly value: T } | undefined
  context.task = () => {
    result = { value: work() }
  }
  try {
    script.runInContext(context, { timeout: ms })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') {
      throw new TookTooLong(`stopped after ${ms} ms`)
    }
    throw error
  } finally {
    context.task = undefined
  }
  if (result === undefined) throw new TookTooLong(`stopped after ${ms} ms`)
  return result.value
}
