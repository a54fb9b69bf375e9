import { DEFAULT_LIMITS } from './default-limits.js'
import { parseHostPattern, WEB_PORTS } from './hosts/host-pattern.js'
import type { OptionOrigins } from './option-layers.js'
import type { PolicyLimits, SandboxPolicy } from './sandbox-policy.js'

/** One line of a printed policy. */
export interface PolicyLine {
  readonly topic: 'level' | 'files' | 'programs' | 'network' | 'environment' | 'output' | 'limits'
  readonly text: string
  /** Why it is there: a default, or a grant of the host. */
  readonly why: string
  /** Where the option that decides it comes from: `default`, `call`, `load`, a place in a configuration. Left out for
   *  what no option decides, and where origins are not known. */
  readonly origin?: string
}

/** A line, and the options that decide it, the strongest first. */
type Line = Omit<PolicyLine, 'origin'> & { readonly options?: readonly string[] }

const GRANTED = 'granted by the host'

/**
 * A policy in printable form, with the reason of every line; with `origins`, also where it comes from. Values of variables
 * are not shown: they may be secrets.
 */
export function explainPolicy(policy: SandboxPolicy, origins?: OptionOrigins): readonly PolicyLine[] {
  const lines = policy.level === 1 ? unconfined(policy) : confined(policy)
  return lines.map(({ options, ...line }) => {
    if (origins === undefined || options === undefined) return line
    const decided = options.find((name) => Object.hasOwn(origins, name))
    return { ...line, origin: (decided === undefined ? undefined : origins[decided]) ?? 'default' }
  })
}

function confined(policy: SandboxPolicy): readonly Line[] {
  const lines: Line[] = [
    {
      topic: 'level',
      text: policy.level === 3 ? '3: sandbox, and a scan that asks before the run' : '2: sandbox',
      why: 'what the script may touch is what follows, nothing else',
      options: ['level'],
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
    ...policy.readPaths.map((path): Line => line('files', `read ${path}`, GRANTED, 'allowRead')),
    ...policy.writePaths.map((path): Line => line('files', `read and write ${path}`, GRANTED, 'allowWrite')),
    policy.files === 'arguments'
      ? line(
          'files',
          'read the files that path arguments name, but no hidden or secret ones',
          GRANTED,
          'files',
        )
      : line('files', 'no files of arguments besides', 'default', 'files'),
    ...(policy.programs.length === 0
      ? [line('programs', 'none besides the interpreter', 'default', 'allowPrograms')]
      : policy.programs.map((program) => line('programs', `start ${program}`, GRANTED, 'allowPrograms'))),
    {
      topic: 'programs',
      text: 'for shell scripts: the utilities that the script names (cat, grep, sed, …)',
      why: 'a shell cannot even read a file without them; none of them starts other programs',
    },
    ...(policy.hosts.length === 0
      ? [line('network', 'none', 'default', 'allowHosts')]
      : policy.hosts.map((host) => line('network', `connect to ${hostText(host)}`, GRANTED, 'allowHosts'))),
    {
      topic: 'environment',
      text: 'PATH HOME LANG TZ TMPDIR SKILL_DIR SKILL_NAME SKILL_OUTPUT_DIR',
      why: "the sandbox's own values; nothing of the host's",
    },
  ]
  return [...lines, ...proxyVariables(policy), ...granted(policy), output(policy), ...limitLines(policy)]
}

const line = (topic: PolicyLine['topic'], text: string, why: string, ...options: string[]): Line => ({
  topic,
  text,
  why,
  options,
})

function hostText(pattern: string): string {
  const { kind, host, port } = parseHostPattern(pattern)
  const name = { host, below: `any name below ${host}`, all: 'any public host' }[kind]
  if (port !== undefined) return `${name}, port ${port}`
  return kind === 'all' ? name : `${name}, ports ${WEB_PORTS.join(' and ')}`
}

function proxyVariables({ hosts }: SandboxPolicy): Line[] {
  if (hosts.length === 0) return []
  return [
    {
      topic: 'environment',
      text: 'HTTP_PROXY HTTPS_PROXY ALL_PROXY NODE_USE_ENV_PROXY NODE_OPTIONS SSL_CERT_FILE REQUESTS_CA_BUNDLE CURL_CA_BUNDLE',
      why: 'by these, programs find the proxy to granted hosts and the certificates of the host',
    },
  ]
}

function unconfined(policy: SandboxPolicy): readonly Line[] {
  return [
    line('level', '1: no sandbox', 'asked for by the host', 'level'),
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

function granted(policy: SandboxPolicy): Line[] {
  return policy.environment.map((name) => line('environment', `${name}=…`, GRANTED, `env.${name}`))
}

function output(policy: SandboxPolicy): Line {
  return policy.outputDirectory === undefined
    ? line('output', 'artifacts go to a fresh temporary directory', 'default', 'outputDir')
    : line('output', `artifacts are kept in ${policy.outputDirectory}`, GRANTED, 'outputDir')
}

function limitLines({ limits }: SandboxPolicy): Line[] {
  return (Object.keys(DEFAULT_LIMITS) as (keyof PolicyLimits)[]).map((name) => {
    const why =
      limits[name] === DEFAULT_LIMITS[name]
        ? 'default'
        : `set by the host; the default is ${DEFAULT_LIMITS[name]}`
    return line('limits', `${name} ${limits[name]} (${limitMeaning[name]})`, why, ...optionsOf(name))
  })
}

/** The options that set a limit. */
function optionsOf(limit: keyof PolicyLimits): string[] {
  const broad: Partial<Record<keyof PolicyLimits, string>> = {
    wallMs: 'timeoutMs',
    cpuMs: 'timeoutMs',
    memoryBytes: 'memoryMb',
  }
  return [`limits.${limit}`, ...(broad[limit] === undefined ? [] : [broad[limit]])]
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
