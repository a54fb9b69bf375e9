import type { FactList } from '../fact.js'
import type { Unit } from '../unit.js'

/** What is known of a text that a shell would handle. */
export interface ShellValue {
  readonly text: string
  /** Where it was downloaded from. */
  readonly urls: readonly string[]
  /** Paths of secrets that it came from. */
  readonly secrets: readonly string[]
  /** Names of variables that sound like secrets. */
  readonly names: readonly string[]
  /** Whether it is the whole environment. */
  readonly environment: boolean
  /** How it was decoded. */
  readonly decoded: readonly string[]
}

export const noValue: ShellValue = {
  text: '',
  urls: [],
  secrets: [],
  names: [],
  environment: false,
  decoded: [],
}

const most = 8

/** Everything that is known of either; the text of both. */
export function unite(one: ShellValue, other: ShellValue): ShellValue {
  if (one === noValue) return other
  if (other === noValue) return one
  const both = (a: readonly string[], b: readonly string[]) =>
    b.length === 0 ? a : a.length === 0 ? b : [...new Set([...a, ...b])].slice(0, most)
  return {
    text: joined(one.text, other.text),
    urls: both(one.urls, other.urls),
    secrets: both(one.secrets, other.secrets),
    names: both(one.names, other.names),
    environment: one.environment || other.environment,
    decoded: both(one.decoded, other.decoded),
  }
}

/** Files and directories of which something is known. Commands of one text share them, wherever in it they stand. */
export interface KnownFiles {
  /** Files by the URL that they were downloaded from. */
  readonly downloads: Map<string, string>
  /** Directories by the repository that was cloned into them; remotes by their address. */
  readonly clones: Map<string, string>
  /** Files that secrets were written to, by what those are. */
  readonly secretFiles: Map<string, string>
  /** Archives of whole directories. */
  readonly archives: Set<string>
}

export function noFiles(): KnownFiles {
  return { downloads: new Map(), clones: new Map(), secretFiles: new Map(), archives: new Set() }
}

/** What a script has done so far. */
export interface State extends KnownFiles {
  readonly unit: Unit
  readonly facts: FactList
  readonly scan: (unit: Unit) => void
  readonly variables: Map<string, ShellValue>
  /** Bodies of functions by their names. */
  readonly functions: ReadonlyMap<string, string>
}

const maxText = 50_000

function joined(one: string, other: string): string {
  if (one === '') return other
  return other === '' || one.length + other.length > maxText ? one : `${one}\n${other}`
}
