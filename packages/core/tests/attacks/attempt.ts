import type { RunOptions } from '../../src/sandbox/run-options.js'
import type { CompletedRun } from '../../src/sandbox/run-result.js'
import type { ProcessView } from './host-view.js'
import type { Plant, World } from './world.js'

export const SECTIONS = [
  'files',
  'descriptors',
  'environment',
  'processes',
  'privileges',
  'execution',
  'network',
  'resources',
  'robustness',
  'leftovers',
  'packages',
  'information',
  'controls',
] as const
export type Section = (typeof SECTIONS)[number]

/** One attempt: a script, and how its effect is seen from outside. */
export interface Attempt {
  /** The attack, as a sentence about the script. Unique. */
  readonly name: string
  readonly section: Section
  /** Below `fixtures/`; the extension names the interpreter. */
  readonly script: string
  /** The harm that was done, in words; nothing where none was. */
  readonly effect: Effect
  /** What the host has for it besides a secret file: a victim, listeners. */
  readonly with?: readonly Plant[]
  /** Puts more into the world before the run. */
  readonly plant?: (world: World) => void | Promise<void>
  readonly env?: (world: World) => Readonly<Record<string, string>>
  readonly options?: (world: World) => RunOptions
  readonly args?: () => Readonly<Record<string, unknown>>
  /** Shell code that opens things before it becomes the runner, as a careless host would. */
  readonly launcher?: (world: World) => string
  /** So many runs one after the other; the effect is judged on the last. @default 1 */
  readonly runs?: number
  /** Takes long to prepare and is the same for everybody: only the first user tries it. */
  readonly once?: true
  /** Looks at processes and memory all the time, not only when the script says `ready`. */
  readonly watch?: true
  /** Who can try it at all. @default everybody */
  readonly needs?: Need
  /** The same script without a sandbox. @default the same effect is expected */
  readonly bare?: Bare
  /** Does it instead of the ordinary run: for what happens to the engine and not in the script. */
  readonly act?: (context: ActContext) => Promise<Seen>
  /** The host granted a change, so that not every one is harm. */
  readonly mayChange?: true
  /** The run may be refused with an error; the harm is then that it is not. */
  readonly mayReject?: true | How
}

export type Effect = (seen: Seen) => string | undefined

/** What only some machines have, in words for the reader of a skip. */
export interface Need {
  readonly words: string
  readonly user?: 'root'
}

export type Bare =
  /** Too harmful, or there is nothing that it could do. */
  | { readonly without: string }
  | { readonly effect?: Effect; readonly env?: Readonly<Record<string, string>>; readonly timeoutMs?: number }

export interface ActContext {
  readonly world: World
  readonly attempt: Attempt
  readonly how: How
}

/** A backend, or no sandbox at all. */
export type How = NonNullable<RunOptions['backend']> | 'bare'

/** All that the host saw of a run. */
export interface Seen {
  readonly world: World
  /** Everything that came out: streams, result, artifacts. */
  readonly text: string
  readonly stdout: string
  /** Nothing without a sandbox, or where the run was refused. */
  readonly result?: CompletedRun
  /** The message of the error that the run ended with instead. */
  readonly error?: string
  readonly wallMs: number
  /** The run's processes when the script said `ready`; nothing if it never came to that. */
  readonly atReady?: readonly ProcessView[]
  readonly peak: Peak
}

export interface Peak {
  readonly processes: number
  /** Of the run's own processes, the largest sum seen. */
  readonly memoryBytes: number
  /** How much more shared memory and page tables the host had than before. */
  readonly hostBytes: number
  /** Of the supervisor. */
  readonly supervisorBytes: number
}
