/** Blocks of a Markdown document that are more than illustration: each is marked by a comment on the line before. */
const block =
  /^<!-- (?<mark>\S+) -->\n```(?<language>\w+)\n(?<code>[\s\S]*?)^```$(?:\n\nprints\n\n```\w*\n(?<prints>[\s\S]*?)^```$)?/gm

/** `<!-- runnable -->`: shell commands for the repository's root, and what they print where that is shown. */
export function runnableBlocks(text) {
  return [...text.matchAll(block)]
    .filter(({ groups }) => groups.mark === 'runnable')
    .map(({ groups: { code, prints } }) => ({ code, prints }))
}

/** `<!-- path/of/a/file -->`: must be that file's text. */
export function quotedFiles(text) {
  return [...text.matchAll(block)]
    .filter(({ groups }) => groups.mark !== 'runnable' && !groups.mark.startsWith(programMark))
    .map(({ groups: { mark, code } }) => ({ file: mark, code }))
}

const programMark = 'program:'

/** `<!-- program:name.ts -->`: a whole program, to be saved under that name beside the others of the document. */
export function programs(text) {
  return [...text.matchAll(block)]
    .filter(({ groups }) => groups.mark.startsWith(programMark))
    .map(({ groups: { mark, code } }) => ({ file: mark.slice(programMark.length), code }))
}

/** Targets of links to files of this repository. */
export function localLinks(text) {
  return [...text.matchAll(/\]\((?!\w+:|#)([^)#\s]+)[^)]*\)/g)].map(([, target]) => target)
}
