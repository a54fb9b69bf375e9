import { quote } from '../errors.js'
import type { SandboxPolicy } from '../policy/sandbox-policy.js'
import type { SandboxViolation } from './report.js'

/** What was refused, in words that a model can act on: what the script tried, and why it may not. */
export function violationMessage({ kind, what, count }: SandboxViolation, policy: SandboxPolicy): string {
  const hidden = HIDDEN[kind]
  if (hidden !== undefined) return `the file ${quote(what)} was hidden from the script; it ${hidden}`
  const times = count > 1 ? ` (${count} times)` : ''
  return `the script tried to ${attempt(kind, what)}${times}; ${reason(kind, policy)}`
}

/** Files of a skill that lead out of it. */
const HIDDEN: Readonly<Record<string, string>> = {
  'linked-file':
    'also has a name outside of the skill, so it may be of somebody else: copy it instead of linking it',
  'special-file': 'is no ordinary file but a pipe, a socket or a device',
}

function attempt(kind: string, what: string): string {
  const named = what === '' ? '' : ` ${quote(what)}`
  switch (kind) {
    case 'exec':
      return what === '' ? 'start a program' : `start ${shown(what)}`
    case 'socket':
      return what.startsWith('/')
        ? `connect to ${shown(what)}`
        : `open a network socket${what === '' ? '' : ` (${shown(what)})`}`
    case 'ptrace':
      return 'look into another process'
    case 'mount':
      return 'change what is mounted'
    case 'namespace':
      return 'make a namespace of its own'
    case 'read':
    case 'write':
      return `${kind}${named}`
    default:
      return `use ${shown(kind)}${named}`
  }
}

function reason(kind: string, policy: SandboxPolicy): string {
  switch (kind) {
    case 'exec':
      return policy.programs.length === 0
        ? 'this skill may not start programs'
        : `of programs, this skill may only start ${policy.programs.join(', ')}`
    case 'socket':
      return policy.hosts.length === 0
        ? 'this skill has no network'
        : `this skill reaches ${policy.hosts.join(', ')} through the proxy that HTTP_PROXY names, and nothing else`
    default:
      return 'the sandbox does not allow that to any skill'
  }
}

const shown = (text: string): string => (/^[\w./@+-]{1,80}$/.test(text) ? text : quote(text))
