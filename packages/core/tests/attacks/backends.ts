import type { How } from './attempt.js'

/** Every attempt is made against each of them. */
export const BACKENDS: readonly Exclude<How, 'bare'>[] = ['namespaces', 'landlock']
