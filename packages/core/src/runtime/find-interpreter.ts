import type { Interpreter, InterpreterName } from './interpreter.js'
import { findNode } from './node.js'
import { findPython } from './python.js'
import type { PythonWish } from './python-wish.js'
import { findShell } from './shell.js'

/** Finds an interpreter on the host; of several Pythons one that the wish fits. Throws `INTERPRETER_MISSING`. */
export async function findInterpreter(
  name: InterpreterName,
  environment: NodeJS.ProcessEnv = process.env,
  wish?: PythonWish,
): Promise<Interpreter> {
  switch (name) {
    case 'python3':
      return findPython(environment, wish)
    case 'node':
      return findNode(environment)
    case 'sh':
    case 'bash':
      return findShell(name)
  }
}
