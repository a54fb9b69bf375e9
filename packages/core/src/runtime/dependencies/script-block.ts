/**
 * The TOML of a script's `# /// script` block (PEP 723); nothing where there is none, or two, which the specification
 * wants to be an error: then nothing is declared.
 */
export function scriptBlock(code: string): string | undefined {
  if (!code.includes('# /// script')) return undefined
  const blocks = [...code.replaceAll('\r\n', '\n').matchAll(/^# \/\/\/ script$\n((?:^#(?:| .*)$\n?)+)/gm)]
  const [first, second] = blocks
  if (first === undefined || second !== undefined) return undefined
  const lines = (first[1] ?? '').split('\n')
  const end = lines.lastIndexOf('# ///')
  if (end < 0) return undefined
  return lines
    .slice(0, end)
    .map((line) => line.slice(2))
    .join('\n')
}
