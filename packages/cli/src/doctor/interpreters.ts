import { findInterpreter, type InterpreterName } from '@skilllite/core'

/** An interpreter that scripts are run with. */
export interface FoundInterpreter {
  readonly name: InterpreterName
  /** What is started, never a version manager's shim; undefined where there is none. */
  readonly path?: string
  readonly version?: string
  /** Why there is none. */
  readonly problem?: string
}

const wanted: readonly InterpreterName[] = ['python3', 'node', 'bash', 'sh']

/** Looks for every interpreter that a skill can need, as a run would. */
export function findInterpreters(environment: NodeJS.ProcessEnv): Promise<readonly FoundInterpreter[]> {
  return Promise.all(
    wanted.map(async (name) => {
      try {
        const { program, version } = await findInterpreter(name, environment)
        return { name, path: program, ...(version === undefined ? {} : { version }) }
      } catch (error) {
        return { name, problem: error instanceof Error ? error.message : String(error) }
      }
    }),
  )
}
