import { realpathSync } from 'node:fs'
import { homedir } from 'node:os'
import path from 'node:path'
import { cacheDirectory } from './runtime/cache-directory.js'
import { discoverSkills, type ShadowedSkill } from './skill/discover.js'
import type { Diagnostic, SkillInfo } from './skill/skill-info.js'
import { defineTools, type ToolOrigin } from './tools/define-tools.js'
import type { Catalog } from './tools/find-tool.js'
import { InterfaceCache } from './tools/interface-cache.js'
import { readSchemaFile, type SchemaFileReading } from './tools/schema-file.js'

/** Digest of the code that reads skills; the build puts it here. Without it (from source) nothing is cached. */
declare const INTERFACE_VERSION: string | undefined

/** What happens while skills are loaded, for a progress line. */
export interface LoadProgress {
  readonly kind: 'tools-defined'
  /** Skills whose scripts are read. */
  readonly done: number
  readonly total: number
}

/** Which skills to load, and what of them. */
export interface CatalogOptions {
  /** Skill directories, or directories that hold skill directories.
   *  @default none */
  readonly skillsDir?: string | readonly string[]
  /** Also looks at the skill directories of the project at `cwd` and of the user.
   *  @default true where no `skillsDir` is given, else false */
  readonly discover?: boolean
  /** Defines tools for these skills only, which saves reading the code of all others. A name that no skill has may be
   *  that of a tool; then tools are defined for all.
   *  @default all skills */
  readonly toolsOf?: readonly string[]
  /** Uses the corrections in `.skilllite/schema.json` of the project at `cwd`.
   *  @default true */
  readonly corrections?: boolean
  /** Called after each skill whose tools are defined.
   *  @default none */
  readonly onLoadProgress?: (progress: LoadProgress) => void
}

export interface LoadedCatalog extends Catalog {
  readonly shadowed: readonly ShadowedSkill[]
  readonly origins: ReadonlyMap<string, ToolOrigin>
}

/** Finds skills and defines their tools. Never throws for what is in them. */
export async function loadCatalog(options: CatalogOptions, cwd: string): Promise<LoadedCatalog> {
  const { skillsDir, discover, toolsOf, corrections, onLoadProgress } = options
  const paths = skillsDir === undefined ? [] : [skillsDir].flat()
  const found = discoverSkills({
    paths: paths.map((entry) => path.resolve(cwd, entry)),
    ...((discover ?? skillsDir === undefined) ? { projectDirectory: cwd, homeDirectory: homedir() } : {}),
  })
  const chosen = chooseSkills(found.skills, toolsOf)
  const { schemaFile, diagnostics: problems } = corrections === false ? noFile : projectFile(cwd)
  const { tools, diagnostics, origins } = await defineTools(chosen, {
    cache: chosen.length === 0 ? undefined : openCache(),
    corrections: schemaFile,
    onSkill: onLoadProgress && ((done, total) => onLoadProgress({ kind: 'tools-defined', done, total })),
  })
  return {
    skills: found.skills,
    shadowed: found.shadowed,
    tools,
    origins,
    // Looked up when asked for: those about the files of a skill cost a walk through them.
    get diagnostics(): readonly Diagnostic[] {
      return [...found.diagnostics, ...problems, ...diagnostics]
    },
  }
}

function chooseSkills(
  skills: readonly SkillInfo[],
  names: readonly string[] | undefined,
): readonly SkillInfo[] {
  if (names === undefined) return skills
  const chosen = skills.filter(({ name }) => names.includes(name))
  return chosen.length === new Set(names).size ? chosen : skills
}

const noFile: SchemaFileReading = { diagnostics: [] }

function projectFile(cwd: string): SchemaFileReading {
  try {
    return readSchemaFile(realpathSync(cwd))
  } catch {
    // No such directory: then there is no project.
    return noFile
  }
}

function openCache(): InterfaceCache | undefined {
  if (typeof INTERFACE_VERSION !== 'string') return undefined
  const directory = cacheDirectory(process.env)
  return directory === undefined ? undefined : new InterfaceCache(directory, INTERFACE_VERSION)
}
