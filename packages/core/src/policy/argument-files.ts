import { existsSync, realpathSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import path from 'node:path'
import { quote } from '../errors.js'
import type { ArgvPlan } from '../schema/argv-plan.js'
import type { JsonSchema } from '../schema/json-schema.js'
import { isKernels, isWithin } from './host-paths.js'
import { pathArguments } from './path-arguments.js'
import { isPlainText } from './plain-text.js'
import { privatePathReason } from './private-path.js'
import type { SandboxPolicy } from './sandbox-policy.js'

/** More files than a call can sensibly name. */
const MAX_FILES = 256

const SPECIAL = 'it is no ordinary file'

/** What the paths among the arguments of a call come to. */
export interface ArgumentFiles {
  /** The arguments, where a path of a file that exists is absolute: the same for the script and for the host. */
  readonly args: Readonly<Record<string, unknown>>
  /** With exactly these files added. */
  readonly policy: SandboxPolicy
  /** A sentence for each path that was not granted. */
  readonly refusals: readonly { readonly value: string; readonly sentence: string }[]
}

/**
 * Grants the files that path arguments name, each by its real path, to be read. A directory is not granted, since nobody
 * can see from a call what lies in it; nor is a hidden or secret file, unless `allowRead` names it.
 */
export function grantArgumentFiles(
  tool: { readonly inputSchema: JsonSchema; readonly argvPlan: ArgvPlan },
  args: Readonly<Record<string, unknown>>,
  policy: SandboxPolicy,
  cwd: string,
): ArgumentFiles {
  const files = new Set<string>()
  const links = new Map<string, string>()
  const refusals = new Map<string, string>()
  const granted = [...policy.readPaths, ...policy.writePaths]
  const here = realPath(cwd) ?? cwd

  const resolve = (value: unknown): unknown => {
    if (typeof value !== 'string' || !mayBePath(value)) return value
    const found = look(value, cwd)
    if ('absent' in found) {
      // The script's working directory is the skill's, where it finds this one by itself.
      if (!existsSync(path.resolve(policy.skillDirectory, value))) refusals.set(value, absentSentence(value))
      return value
    }
    const { name, real, kind } = found
    if (granted.some((outer) => isWithin(real, outer))) {
      if (name !== real) links.set(name, real)
      return name
    }
    const reason =
      kind ?? (files.size < MAX_FILES ? privatePathReason(real, here) : 'the call names too many files')
    if (reason !== undefined) {
      const remedy = kind === SPECIAL || isKernels(real) ? '' : '; --allow-read grants it all the same'
      refusals.set(value, `${quote(value)} is not granted to the run: ${reason}${remedy}.`)
      return value
    }
    files.add(real)
    if (name !== real) links.set(name, real)
    return name
  }

  const paths = pathArguments(tool.inputSchema, tool.argvPlan)
  const entries = Object.entries(args).map(([name, value]) => {
    if (!paths.has(name)) return [name, value] as const
    return [name, Array.isArray(value) ? value.map(resolve) : resolve(value)] as const
  })
  return {
    args: Object.fromEntries(entries),
    policy: {
      ...policy,
      readPaths: [...new Set([...policy.readPaths, ...files])].sort(),
      ...(links.size === 0 ? {} : { readLinks: [...links].map(([name, real]) => ({ name, path: real })) }),
    },
    refusals: [...refusals].map(([value, sentence]) => ({ value, sentence })),
  }
}

/** A lone `-` is stdin by old custom, and an address is none of a file. */
const mayBePath = (value: string): boolean =>
  value !== '' && value !== '-' && isPlainText(value) && !/^[a-z][a-z\d+.-]*:\/\//i.test(value)

type Found =
  | { readonly absent: true }
  | {
      /** Absolute, its last part as it was given. */
      readonly name: string
      readonly real: string
      /** Why it is not one file. */
      readonly kind?: string
    }

function look(value: string, cwd: string): Found {
  const expanded = /^~(\/|$)/.test(value) ? path.join(homedir(), value.slice(1)) : value
  const given = path.resolve(cwd, expanded)
  const parent = realPath(path.dirname(given))
  const real = realPath(given)
  if (parent === undefined || real === undefined) return { absent: true }
  const name = path.join(parent, path.basename(given))
  const stats = statSync(real, { throwIfNoEntry: false })
  if (stats === undefined) return { absent: true }
  if (stats.isFile()) return { name, real }
  return { name, real, kind: stats.isDirectory() ? 'it is a directory' : SPECIAL }
}

function realPath(entry: string): string | undefined {
  try {
    return realpathSync.native(entry)
  } catch {
    return undefined
  }
}

const absentSentence = (value: string): string =>
  `${quote(value)} does not exist here, so it is not granted to the run: files to hand over go to SKILL_OUTPUT_DIR; --allow-write grants a directory.`
