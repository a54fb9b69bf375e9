import path from 'node:path'
import { quote } from '../errors.js'
import type { InferredInterface } from '../schema/inference.js'
import { readInputSchema } from '../schema/input-schema.js'
import { FileRefusal, readStart } from '../skill/safe-file.js'
import type { Diagnostic, SkillInfo } from '../skill/skill-info.js'
import type { InterfaceCache } from './interface-cache.js'
import { keptProblem } from './kept-problem.js'
import { unplacedNames } from './plan-names.js'
import type { JsonSchema } from './tool-definition.js'

const MAX_CODE_BYTES = 256 * 1024
const stdin = /stdin/i
/** What code that takes its arguments from the command line cannot do without. */
const commandLine =
  /argparse|sys\.argv|click|typer|\bfire\b|docopt|getopt|process\.argv|parseArgs|commander|yargs|minimist|\$\{?[1-9@*#]/i

/** What a skill's only script takes by the schema that the skill declares. */
export interface DeclaredInterface {
  readonly taken: InferredInterface
  /** Why the schema cannot be used. */
  readonly problem?: Diagnostic
}

/**
 * The schema is the declared one. Arguments go to stdin as JSON, unless the script clearly takes a command line that has
 * a place for each of them: then `infer` is asked, which costs the reading of its code.
 */
export async function declaredInterface(
  skill: SkillInfo,
  script: string,
  infer: () => Promise<InferredInterface | undefined>,
  cache: InterfaceCache | undefined,
): Promise<DeclaredInterface> {
  const { schema = {}, problem } = await readInputSchema(skill, keptProblem(cache))
  const inferred = takesCommandLine(skill, script) ? await infer() : undefined
  const { argvPlan, diagnostics } = planFor(skill, script, schema, inferred)
  const taken: InferredInterface = {
    inputSchema: schema,
    argvPlan,
    kind: 'declared',
    ...(inferred?.description === undefined ? {} : { description: inferred.description }),
    evidence: [],
    needs: inferred?.needs ?? [],
    diagnostics,
  }
  return problem === undefined ? { taken } : { taken, problem }
}

function takesCommandLine(skill: SkillInfo, script: string): boolean {
  try {
    const code = readStart(skill.directory, path.join(skill.directory, script), MAX_CODE_BYTES).toString()
    return !stdin.test(code) && commandLine.test(code)
  } catch (error) {
    if (error instanceof FileRefusal) return false
    throw error
  }
}

function planFor(
  skill: SkillInfo,
  script: string,
  schema: JsonSchema,
  inferred: InferredInterface | undefined,
): Pick<InferredInterface, 'argvPlan' | 'diagnostics'> {
  const onStdin = { argvPlan: { kind: 'stdin-json' }, diagnostics: [] } as const
  if (inferred === undefined || inferred.argvPlan.kind !== 'command-line') return onStdin
  const unplaced = unplacedNames(schema, inferred.argvPlan)
  if (unplaced.length === 0) return { argvPlan: inferred.argvPlan, diagnostics: [] }
  const diagnostic: Diagnostic = {
    code: 'input-schema-mismatch',
    severity: 'warning',
    message: `The input_schema of ${skill.name} names ${unplaced
      .slice(0, 5)
      .map((name) => quote(name))
      .join(
        ', ',
      )}, which the command line of ${script} does not take; so the script gets its arguments as JSON on stdin`,
    hint: 'Name the properties as the script does, or leave input_schema out.',
    path: skill.file,
  }
  return { ...onStdin, diagnostics: [diagnostic] }
}
