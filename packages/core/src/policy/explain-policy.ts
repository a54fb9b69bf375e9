import { DEFAULT_LIMITS } from './default-limits.js'
import { parseHostPattern, WEB_PORTS } from './hosts/host-pattern.js'
import type { PolicyLimits, SandboxPolicy } from './sandbox-policy.js'

/** One line of a printed policy. */
export interface PolicyLine {
  readonly topic: 'level' | 'files' | 'programs' | 'network' | 'environment' | 'output' | 'limits'
  readonly text: string
  /** Why it is there: a default, or a grant of the host. */
  readonly why: string
}

const GRANTED = 'granted by the host'

/** A policy in printable form, with the reason of every line. Values of variables are not shown: they may be secrets. */
export function explainPolicy(policy: SandboxPolicy): readonly PolicyLine[] {
  if (policy.level === 1) return unconfined(policy)
  const lines: PolicyLine[] = [
    {
      topic: 'level',
      text: policy.level === 3 ? '3: sandbox, and a scan that asks before the run' : '2: sandbox',
      why: 'what the script may touch is what follows, nothing else',
    },
    {
      topic: 'files',
      text: `read ${policy.skillDirectory}`,
      why: 'the skill itself; its working directory, never writable',
    },
    {
      topic: 'files',
      text: 'read the interpreter, its libraries, and packages installed for the skill',
      why: 'needed to run the script',
    },
    {
      topic: 'files',
      text: 'read and write /tmp, /home/skill, /dev/shm',
      why: 'private, empty, gone after the run; where nothing can be mounted, under names of their own',
    },
    ...policy.readPaths.map((path) => ({ topic: 'files', text: `read ${path}`, why: GRANTED }) as const),
    ...policy.writePaths.map(
      (path) => ({ topic: 'files', text: `read and write ${path}`, why: GRANTED }) as const,
    ),
    ...(policy.programs.length === 0
      ? [{ topic: 'programs', text: 'none besides the interpreter', why: 'default' } as const]
      : policy.programs.map(
          (program) => ({ topic: 'programs', text: `start ${program}`, why: GRANTED }) as const,
        )),
    {
      topic: 'programs',
      text: 'for shell scripts: the utilities that the script names (cat, grep, sed, …)',
      why: 'a shell cannot even read a file without them; none of them starts other programs',
    },
    ...(policy.hosts.length === 0
      ? [{ topic: 'network', text: 'none', why: 'default' } as const]
      : policy.hosts.map(
          (host) => ({ topic: 'network', text: `connect to ${hostText(host)}`, why: GRANTED }) as const,
        )),
    {
      topic: 'environment',
      text: 'PATH HOME LANG TZ TMPDIR SKILL_DIR SKILL_NAME SKILL_OUTPUT_DIR',
      why: "the sandbox's own values; nothing of the host's",
    },
  ]
  return [...lines, ...proxyVariables(policy), ...granted(policy), output(policy), ...limitLines(policy)]
}

function hostText(pattern: string): string {
  const { kind, host, port } = parseHostPattern(pattern)
  const name = { host, below: `any name below ${host}`, all: 'any public host' }[kind]
  if (port !== undefined) return `${name}, port ${port}`
  return kind === 'all' ? name : `${name}, ports ${WEB_PORTS.join(' and ')}`
}

function proxyVariables({ hosts }: SandboxPolicy): PolicyLine[] {
  if (hosts.length === 0) return []
  return [
    {
      topic: 'environment',
      text: 'HTTP_PROXY HTTPS_PROXY ALL_PROXY NODE_USE_ENV_PROXY NODE_OPTIONS SSL_CERT_FILE REQUESTS_CA_BUNDLE CURL_CA_BUNDLE',
      why: 'by these, programs find the proxy to granted hosts and the certificates of the host',
    },
  ]
}

function unconfined(policy: SandboxPolicy): readonly PolicyLine[] {
  return [
    { topic: 'level', text: '1: no sandbox', why: 'asked for by the host' },
    { topic: 'files', text: 'read and write all that you can', why: 'level 1 does not confine files' },
    { topic: 'programs', text: 'start any', why: 'level 1 does not confine programs' },
    { topic: 'network', text: 'connect to anything', why: 'level 1 does not confine the network' },
    {
      topic: 'environment',
      text: 'PATH HOME LANG TZ TMPDIR SKILL_DIR SKILL_NAME SKILL_OUTPUT_DIR',
      why: "PATH is the host's, HOME and TMPDIR are private",
    },
    ...granted(policy),
    output(policy),
    ...limitLines(policy).filter(({ text }) => /^(wallMs|stdoutBytes|stderrBytes) /.test(text)),
  ]
}

function granted(policy: SandboxPolicy): PolicyLine[] {
  return Object.keys(policy.environment).map((name) => ({
    topic: 'environment',
    text: `${name}=…`,
    why: GRANTED,
  }))
}

function output(policy: SandboxPolicy): PolicyLine {
  return policy.outputDirectory === undefined
    ? { topic: 'output', text: 'artifacts go to a fresh temporary directory', why: 'default' }
    : { topic: 'output', text: `artifacts are kept in ${policy.outputDirectory}`, why: GRANTED }
}

function limitLines({ limits }: SandboxPolicy): PolicyLine[] {
  return (Object.keys(DEFAULT_LIMITS) as (keyof PolicyLimits)[]).map((name) => ({
    topic: 'limits',
    text: `${name} ${limits[name]} (${limitMeaning[name]})`,
    why:
      limits[name] === DEFAULT_LIMITS[name]
        ? 'default'
        : `set by the host; the default is ${DEFAULT_LIMITS[name]}`,
  }))
}

const limitMeaning: Readonly<Record<keyof PolicyLimits, string>> = {
  wallMs: 'time from start to end',
  cpuMs: 'processor time of all processes',
  memoryBytes: 'everything that the run holds together',
  pids: 'processes and threads',
  files: 'open files of a process',
  tempBytes: 'each of /tmp, /home/skill, /dev/shm',
  outputBytes: 'the output directory',
  stdoutBytes: 'what is kept of stdout; more ends the run',
  stderrBytes: 'what is kept of stderr; more ends the run',
  connections: 'connections to granted hosts at the same time',
  networkBytes: 'what all connections carry together',
}
