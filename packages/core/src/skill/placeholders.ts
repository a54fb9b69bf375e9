// One pass: a directory whose own name holds a placeholder is not expanded again.
const placeholder = /\{baseDir\}|\$\{(?:CLAUDE_)?SKILL_DIR\}|\$(?:CLAUDE_)?SKILL_DIR(?![A-Za-z0-9_])/g

/** Puts the skill directory in the place of `{baseDir}`, `${CLAUDE_SKILL_DIR}`, `$SKILL_DIR` and their like. */
export function resolvePlaceholders(body: string, directory: string): string {
  return body.replace(placeholder, () => directory)
}
