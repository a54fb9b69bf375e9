import type { CommandSpec, OptionSpec } from './spec.js'

const help: OptionSpec = { name: 'help', short: 'h', about: 'Show this help' }

const skillsDir: OptionSpec = {
  name: 'skills-dir',
  value: 'DIR',
  repeatable: true,
  completes: 'directory',
  about: 'Look for skills here, and nowhere else (repeatable)',
}

const format: OptionSpec = {
  name: 'format',
  value: 'FORMAT',
  choices: ['text', 'json'],
  about: 'Print text (default) or json',
}

const config: readonly OptionSpec[] = [
  {
    name: 'config',
    value: 'FILE',
    completes: 'file',
    about: 'Configuration (default: skilllite.config.* of the project)',
  },
  { name: 'no-config', about: 'Use no configuration' },
]

const grants: readonly OptionSpec[] = [
  {
    name: 'level',
    value: '1|2|3',
    choices: ['1', '2', '3'],
    about: 'Sandbox level: 1 none, 2 sandbox, 3 sandbox and scan (default)',
  },
  { name: 'timeout', value: 'SECONDS', about: 'Wall time limit' },
  { name: 'memory', value: 'MB', about: 'Memory limit' },
  {
    name: 'allow-host',
    value: 'HOST[:PORT]',
    repeatable: true,
    about: 'Let it reach this host (repeatable)',
  },
  {
    name: 'allow-read',
    value: 'PATH',
    repeatable: true,
    completes: 'file',
    about: 'Let it read this path (repeatable)',
  },
  {
    name: 'files',
    value: 'WHICH',
    choices: ['listed', 'arguments'],
    about: 'arguments: let it read the files that its arguments name',
  },
  {
    name: 'allow-write',
    value: 'PATH',
    repeatable: true,
    completes: 'file',
    about: 'Let it write to this path (repeatable)',
  },
  {
    name: 'allow-program',
    value: 'NAME',
    repeatable: true,
    completes: 'program',
    about: 'Let it start this program (repeatable)',
  },
  {
    name: 'env',
    value: 'NAME[=VALUE]',
    repeatable: true,
    about: 'Give it this variable, by default with the value it has here (repeatable)',
  },
  { name: 'no-redact', about: 'Leave the values of such variables in what it prints' },
  {
    name: 'output-dir',
    value: 'DIR',
    completes: 'directory',
    about: 'Keep the files that it leaves in its output directory here',
  },
]

const backend: OptionSpec = {
  name: 'backend',
  value: 'NAME',
  choices: ['namespaces', 'landlock', 'seatbelt'],
  about: 'How to isolate (default: the strongest that works here)',
}

const allowSource: OptionSpec = {
  name: 'allow-source',
  value: 'PACKAGE',
  repeatable: true,
  about: 'Let this Python package be built from its source, in the sandbox (repeatable)',
}
const yes: OptionSpec = { name: 'yes', short: 'y', about: 'Approve what the scan asks, after printing it' }

const resultFormat: OptionSpec = {
  ...format,
  about: 'json: print the whole result instead of passing output through',
}

/** Every command, in the order of the help. */
export const commands: readonly CommandSpec[] = [
  {
    name: 'run',
    operands: 'SKILL [KEY=VALUE | KEY:=JSON]...',
    arity: [1, Number.POSITIVE_INFINITY],
    completes: 'skill',
    about: 'Run a skill in the sandbox',
    details: `SKILL is the name of a skill or of one of its tools, or the path of a skill directory. The input is --input, or KEY=VALUE pairs
typed by the tool's schema (KEY:=JSON for anything else), or nothing: {}.

Exit status: the script's own; 2 wrong usage; 124 time or CPU limit; 125 SkillLite failed;
126 refused or approval needed; 127 no such skill or script; 128+N killed by signal N;
137 memory limit.`,
    options: [
      {
        name: 'input',
        value: 'JSON|@FILE|-',
        completes: 'file',
        about: 'Input as JSON, from a file, or from stdin',
      },
      { name: 'script', value: 'FILE', about: 'Which script, where the skill has several' },
      ...grants,
      { name: 'install', about: 'Install the packages that it declares, if they are not yet' },
      allowSource,
      backend,
      ...config,
      yes,
      skillsDir,
      resultFormat,
      help,
    ],
    example: 'skilllite run calculator operation=multiply a=15 b=27',
  },
  {
    name: 'exec',
    operands: 'SKILL -- CMD [ARG]...',
    arity: [1, 1],
    completes: 'skill',
    about: "Run a command of your own inside a skill's sandbox",
    details: 'For authors: CMD sees what a script of the skill would see. Exit status: as with run.',
    options: [
      { name: 'stdin', about: 'Pass what stands on stdin to CMD' },
      ...grants,
      backend,
      ...config,
      skillsDir,
      resultFormat,
      help,
    ],
    example: 'skilllite exec calculator -- python3 -c "import os; print(os.listdir(\'/\'))"',
  },
  {
    name: 'list',
    operands: '',
    arity: [0, 0],
    about: 'List the skills found, and what is wrong with any',
    options: [...config, skillsDir, format, help],
    example: 'skilllite list --skills-dir ./skills',
  },
  {
    name: 'show',
    operands: 'SKILL',
    arity: [1, 1],
    completes: 'skill',
    about: 'Show what a skill is, offers and asks for',
    options: [
      { name: 'why', about: 'Say of each argument where it comes from: what showed it, file and line' },
      ...config,
      skillsDir,
      format,
      help,
    ],
    example: 'skilllite show calculator --why',
  },
  {
    name: 'tools',
    operands: '[SKILL]...',
    arity: [0, Number.POSITIVE_INFINITY],
    completes: 'skill',
    about: 'Print the tools as a model sees them',
    details: `json is a list of { name, description, skill, script, inputSchema, argvPlan }. Such a list in .skilllite/schema.json of the
project, or of a skill, corrects what was read from the code. openai is a list for the tools of a request.`,
    options: [
      {
        name: 'format',
        value: 'FORMAT',
        choices: ['table', 'json', 'openai'],
        about: 'Print a table (default), json or openai',
      },
      { name: 'activation', about: 'Add the tools that give a model instructions and files' },
      ...config,
      skillsDir,
      help,
    ],
    example: 'skilllite tools calculator --format openai',
  },
  {
    name: 'validate',
    operands: 'PATH...',
    arity: [1, Number.POSITIVE_INFINITY],
    completes: 'directory',
    about: 'Check skills strictly against the specification',
    details: 'Exit status: 0 all are valid, 1 one is not.',
    options: [format, help],
    example: 'skilllite validate skills/calculator',
  },
  {
    name: 'scan',
    operands: 'PATH...',
    arity: [0, Number.POSITIVE_INFINITY],
    completes: 'directory',
    about: 'Look for what a skill should not do, without running it',
    details: `PATH is a skill directory, or a directory of skills.
Exit status: 0 nothing found at or above --fail-on, 1 something was.`,
    options: [
      {
        name: 'fail-on',
        value: 'SEVERITY',
        choices: ['critical', 'high', 'medium', 'low', 'info', 'never'],
        about: 'Exit with 1 from this severity on (default: high)',
      },
      { name: 'all', about: 'Show lesser findings one by one, too' },
      { name: 'explain', value: 'RULE', about: 'Say what a rule is for' },
      {
        name: 'suppressions',
        value: 'FILE',
        completes: 'file',
        about: 'Findings to accept (default: .skilllite/scan.yml)',
      },
      {
        ...format,
        choices: ['text', 'json', 'jsonl', 'sarif'],
        about: 'Print text (default), json, jsonl or sarif',
      },
      help,
    ],
    example: 'skilllite scan skills/*',
  },
  {
    name: 'prompt',
    operands: '[SKILL]...',
    arity: [0, Number.POSITIVE_INFINITY],
    completes: 'skill',
    about: 'Print the <available_skills> block for a system prompt',
    options: [...config, skillsDir, format, help],
    example: 'skilllite prompt calculator weather',
  },
  {
    name: 'policy',
    operands: 'SKILL',
    arity: [1, 1],
    completes: 'skill',
    about: 'Print what a run may touch, and why',
    details: 'Also which backend would enforce it, and which of its layers are on: found out by doing it.',
    options: [...grants, backend, ...config, skillsDir, format, help],
    example: 'skilllite policy weather --allow-host api.example.org',
  },
  {
    name: 'doctor',
    operands: '',
    arity: [0, 0],
    about: 'Check backends, layers, limits, interpreters and versions',
    details: 'Exit status: 0 a run at level 2 would work, 1 it would not.',
    options: [format, help],
    example: 'skilllite doctor',
  },
  {
    name: 'lock',
    operands: 'SKILL',
    arity: [1, 1],
    completes: 'skill',
    about: 'Record the exact packages of a skill, with hashes, for this project',
    details: `Finds the newest versions of what the skill declares, installs them, and records them in
.skilllite/dependencies.lock.json. From then on, it is these that run --install installs.`,
    options: [skillsDir, format, help],
    example: 'skilllite lock data-analyzer',
  },
  {
    name: 'cache',
    operands: 'list|prune',
    arity: [1, 1],
    completes: ['list', 'prune'],
    about: 'List or remove the packages installed for skills',
    options: [
      { name: 'unused', value: 'DAYS', about: 'prune: remove what was not used for so long (default: 30)' },
      { name: 'all', about: 'prune: remove all' },
      format,
      help,
    ],
    example: 'skilllite cache prune --unused 7',
  },
  {
    name: 'chat',
    operands: '[MESSAGE]',
    arity: [0, 1],
    about: 'Let a model work with the skills',
    details: `Asks the endpoint of BASE_URL, API_KEY and MODEL, in the environment or in .env. With MESSAGE, or without a terminal
(then it is read from stdin), one answer is printed; else it is a conversation.
Exit status: 0 answered, 1 stopped before, 126 approval needed.`,
    options: [
      { name: 'model', value: 'NAME', about: 'Ask this model' },
      { name: 'base-url', value: 'URL', about: 'Ask this endpoint' },
      {
        name: 'context',
        value: 'MODE',
        choices: ['summary', 'standard', 'full', 'progressive'],
        about: 'How much of the skills the model is told from the start (default: standard)',
      },
      { name: 'plan', about: 'Let it make a plan first' },
      { name: 'max-iterations', value: 'COUNT', about: 'Most requests for one message (default: 20)' },
      { name: 'max-tokens', value: 'COUNT', about: 'Most tokens for one message' },
      ...grants,
      backend,
      ...config,
      yes,
      skillsDir,
      { name: 'json', about: 'Print what happens as JSON, one event a line' },
      help,
    ],
    example: "skilllite chat 'What is 15 * 27?'",
  },
  {
    name: 'completion',
    operands: 'bash|zsh|fish',
    arity: [1, 1],
    completes: ['bash', 'zsh', 'fish'],
    about: 'Print the completion script for a shell',
    details: 'The scripts ask "skilllite completion names" for the names of the skills, one a line.',
    options: [help],
    example: 'source <(skilllite completion bash)',
  },
]

/** Options that stand before a command. */
export const globalOptions: readonly OptionSpec[] = [
  help,
  { name: 'version', short: 'V', about: 'Show the version' },
]
