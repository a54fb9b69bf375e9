import type { Pin } from './pin.js'

/** What is to be installed, before it is known in which versions. */
export interface PythonRequest {
  readonly requirements: readonly string[]
  /** Packages that may be built from source. */
  readonly sources: readonly string[]
}

/** A program that installs Python packages, in the sandbox, from wheels alone unless a source is granted. */
export interface PythonInstaller {
  readonly name: string
  /** Decides on versions, and may fetch them already. */
  resolve(request: PythonRequest): Promise<readonly Pin[]>
  /** Installs exactly these, checking their hashes; returns the directory that the packages are in. `fetched`:
   *  {@link resolve} has been called before. */
  install(pins: readonly Pin[], request: PythonRequest, fetched: boolean): Promise<string>
}
