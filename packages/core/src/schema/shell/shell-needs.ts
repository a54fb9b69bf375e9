import type { SyntaxNode } from '../../syntax/syntax-node.js'

const MAX_NEEDS = 200
/** What the shell or every environment has. */
const COMMON =
  /^(PATH|HOME|USER|PWD|OLDPWD|TMPDIR|TEMP|TMP|SHELL|TERM|LANG|LANGUAGE|LC_\w+|HOSTNAME|IFS|OPTARG|OPTIND|OPTERR|RANDOM|SECONDS|LINENO|PPID|UID|EUID|REPLY|FUNCNAME|PIPESTATUS|COLUMNS|LINES|DEBUG|CI|NO_COLOR|DISPLAY|EDITOR|PAGER|BASH\w*|SKILL_\w+|CLAUDE_SKILL_DIR)$/

/** Environment variables that the script reads: in capitals, and never given a value by the script itself. */
export function environmentNeeds(root: SyntaxNode): string[] {
  const assigned = new Set<string>()
  const read = new Map<string, boolean>()
  for (const node of root.find(
    'variable_assignment',
    'for_statement',
    'command',
    'simple_expansion',
    'expansion',
  )) {
    if (node.type === 'variable_assignment') {
      const name = node.field('name')?.text ?? ''
      if (!fallsBackOn(node.field('value'), name)) assigned.add(name)
    } else if (node.type === 'for_statement') assigned.add(node.field('variable')?.text ?? '')
    else if (node.type === 'command') {
      if (/^(read|getopts|mapfile|readarray|printf)$/.test(node.field('name')?.text ?? '')) {
        for (const part of node.fields('argument')) assigned.add(part.text)
      }
    } else {
      const name = node.parts[0]?.text ?? ''
      const demanded = node.children.some(({ role, text }) => role === 'operator' && /\?$/.test(text))
      if (/^[A-Z][A-Z0-9_]{2,}$/.test(name)) read.set(name, demanded || read.get(name) === true)
    }
  }
  return [...read.keys()].filter((name) => !assigned.has(name) && !COMMON.test(name)).slice(0, MAX_NEEDS)
}

/** `NAME="${NAME:-x}"` */
function fallsBackOn(value: SyntaxNode | undefined, name: string): boolean {
  const inner = value?.type === 'string' && value.parts.length === 1 ? value.parts[0] : value
  return inner?.type === 'expansion' && inner.parts[0]?.text === name
}
