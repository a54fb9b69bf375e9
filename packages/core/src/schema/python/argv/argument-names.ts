/** Names that say nothing of what they hold. */
const empty = new Set([
  ...[
    'arg',
    'args',
    'argv',
    'a',
    'x',
    'i',
    'v',
    'value',
    'val',
    'tmp',
    'self',
    'param',
    'parameter',
    's',
    'item',
  ],
  ...['rest', 'remaining', 'sys_argv', 'cli_args', 'words', 'params', 'option', 'opt', 'o', 'k'],
])

/** Whether a name is worth showing. */
export const saysSomething = (name: string): boolean => name.length > 1 && !empty.has(name.toLowerCase())

/** A name as a property. */
export const cleanName = (name: string): string =>
  name
    .replace(/^.*\./, '')
    .replace(/[^\w]+/g, '_')
    .replace(/^_+(?=\w)/, '')

/** The name of many such things. */
export const plural = (name: string): string => (name.length < 2 || name.endsWith('s') ? name : `${name}s`)
