import path from 'node:path'
import type { InferredInterface } from '../schema/inference.js'
import type { Diagnostic, SkillInfo, SkillScript } from '../skill/skill-info.js'
import type { CodeReader } from './code-reader.js'
import { forgetPrototypes } from './forget-prototypes.js'
import type { InterfaceCache } from './interface-cache.js'
import { interfaceDigest } from './interface-digest.js'

/** A script that becomes a tool, and what was found out about its arguments. */
export interface ReadScript {
  readonly path: string
  readonly taken: InferredInterface
  /** Where the evidence is found, if it is not in `taken`. */
  readonly evidence?: () => Promise<InferredInterface['evidence']>
}

/** The declared entry point alone, where there is one; else every script that can run by itself. */
export function toolScripts(skill: SkillInfo): readonly SkillScript[] {
  const entryPoint = skill.runtime.entryPoint?.replace(/^(\.\/)+/, '')
  const declared = skill.scripts.filter((script) => script.path === entryPoint)
  return declared.length > 0 ? declared : skill.scripts.filter((script) => script.runnable)
}

/** The scripts of a skill that become tools, read from their code or, where that has not changed, from the cache. */
export async function readInterfaces(
  skill: SkillInfo,
  cache: InterfaceCache | undefined,
  reader: CodeReader,
): Promise<readonly ReadScript[]> {
  if (skill.scripts.length === 0) return []
  if (cache === undefined || !isWhole(skill)) return inferAll(skill, reader)
  const digest = interfaceDigest(skill)
  // What has the checksum of what we wrote has its form, too.
  const kept = cache.read(digest) as readonly ReadScript[] | undefined
  if (kept !== undefined) return kept.map((script) => revive(script, skill.directory))
  const scripts = await inferAll(skill, reader)
  const portable = scripts.map((script) => relocate(script, (file) => path.relative(skill.directory, file)))
  // What changed while it was read would be kept under the digest of what it was before.
  if (interfaceDigest(skill) === digest) cache.write(digest, portable)
  return scripts
}

/** Whether the list of a skill's files is complete; if not, a module that is imported may be missing in its digest. */
const isWhole = ({ diagnostics }: SkillInfo): boolean =>
  !diagnostics.some(({ code }) => /^(resources|directory)-/.test(code))

async function inferAll(skill: SkillInfo, reader: CodeReader): Promise<readonly ReadScript[]> {
  const read: ReadScript[] = []
  for (const script of toolScripts(skill)) {
    read.push({ path: script.path, taken: await reader.infer(skill, script) })
  }
  return read
}

/** A skill may lie elsewhere the next time. */
function relocate({ path: script, taken }: ReadScript, move: (file: string) => string): ReadScript {
  const diagnostics = taken.diagnostics.map(
    (diagnostic): Diagnostic => ({ ...diagnostic, path: move(diagnostic.path) }),
  )
  return { path: script, taken: { ...taken, diagnostics } }
}

function revive(script: ReadScript, directory: string): ReadScript {
  forgetPrototypes(script.taken)
  return relocate(script, (file) => path.join(directory, file))
}
