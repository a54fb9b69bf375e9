import { SkillLiteError } from '../errors.js'
import { settleProblems } from '../schema/argument-problem.js'
import { compileSchema } from '../schema/compile-schema.js'
import { asStdin } from './as-stdin.js'
import { type Coercion, coerceArguments } from './coerce-arguments.js'
import { copyArguments } from './copy-arguments.js'
import { describeProblem } from './describe-problem.js'
import type { ToolDefinition } from './tool-definition.js'

const MAX_PROBLEMS = 20

export interface ValidArguments {
  readonly args: Record<string, unknown>
  /** What was read as something else than it was given as. */
  readonly coerced: readonly Coercion[]
}

/**
 * A copy of `args` with defaults filled in and what models typically get wrong mended, checked against the tool's
 * schema. Throws `ARGUMENTS_INVALID` with all problems in its message. The caller's object is not changed.
 */
export async function validateArguments(
  tool: Pick<ToolDefinition, 'name' | 'inputSchema'>,
  given: unknown,
): Promise<ValidArguments> {
  const { args, coerced: read } = asStdin(copyArguments(given, tool.name), tool.inputSchema)
  const compiled = await compileSchema(tool.inputSchema)
  if (compiled.kind === 'invalid') {
    throw new SkillLiteError(
      'SKILL_SCHEMA_INVALID',
      `The schema of ${tool.name} cannot be used: ${compiled.problem}`,
    )
  }
  const { problems: found, coerced } = coerceArguments(args, compiled.check)
  const problems = settleProblems(found)
  if (problems.length === 0) return { args, coerced: [...read, ...coerced] }
  const texts = problems
    .slice(0, MAX_PROBLEMS)
    .map((problem) => describeProblem(problem, args, tool.inputSchema))
  if (problems.length > MAX_PROBLEMS) texts.push(`… and ${problems.length - MAX_PROBLEMS} more`)
  const only = texts.length === 1 ? texts[0] : undefined
  throw new SkillLiteError(
    'ARGUMENTS_INVALID',
    only === undefined
      ? `Arguments of ${tool.name}: ${problems.length} problems\n${texts.map((text) => `- ${text}`).join('\n')}`
      : `Arguments of ${tool.name}: ${only}`,
    'Call again with arguments that fit the input schema of the tool.',
  )
}
