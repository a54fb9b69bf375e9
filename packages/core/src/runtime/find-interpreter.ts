import type { Interpreter, InterpreterName } from './interpreter.js'
import { findNode } from './node.js'
import { findPython } from './python.js'
import { findShell } from './shell.js'

/** Finds an interpreter on the host. Throws `INTERPRETER_MISSING`. */
export async function findInterpreter(
  name: InterpreterName,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<Interpreter> {
  switch (name) {
    case 'python3':
      return findPython(environment)
    case 'node':
      return findNode(environment)
    case 'sh':
    case 'bash':
      return findShell(name)
  }
}
