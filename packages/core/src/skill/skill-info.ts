/** The fields of the Agent Skills specification, as text. Unknown fields are kept in {@link SkillInfo.extra}. */
export interface SkillMetadata {
  /** Trimmed and NFKC-normalised. */
  readonly name: string
  readonly description: string
  readonly license?: string
  readonly compatibility?: string
  /** A request for pre-approval (`Bash(git:*) Read`), never a grant. */
  readonly allowedTools?: string
  /** String to string by the specification; nested values found in the wild are kept as they are. Null prototype. */
  readonly metadata?: Readonly<Record<string, unknown>>
}

/**
 * What a skill declares beyond the specification, in the front matter or in a fenced `yaml` block under a
 * `## Runtime` heading of the body. All of it is a request; the host's policy is the answer.
 */
export interface RuntimeDeclaration {
  readonly version?: string
  /** Path of the script to run, relative to the skill directory. */
  readonly entryPoint?: string
  readonly language?: string
  readonly dependencies?: readonly string[]
  /** Hosts wanted (`['api.example.org']`); `true` where the skill only says that it needs the network. */
  readonly network?: boolean | readonly string[]
  /** Names of environment variables wanted, also those that `metadata` or other clients' fields declare. */
  readonly env?: readonly string[]
  /** Names of programs wanted (`metadata.….requires.bins`). */
  readonly programs?: readonly string[]
  /** JSON Schema of the arguments, plain JSON data with typed scalars. */
  readonly inputSchema?: Readonly<Record<string, unknown>>
}

/** Something in a skill that is wrong or odd. Loading goes on unless `severity` is `error`. */
export interface Diagnostic {
  /** Stable, for programs: `name-mismatch`, `description-requoted`, `yaml-invalid`, … */
  readonly code: string
  readonly severity: 'error' | 'warning' | 'info'
  /** What is wrong, in one sentence. */
  readonly message: string
  /** What to change. */
  readonly hint?: string
  /** Absolute path of the file or directory concerned. */
  readonly path: string
  /** 1-based. */
  readonly line?: number
}

/** A file with code that SkillLite knows how to start. */
export interface SkillScript {
  /** Relative to the skill directory, `/` as separator. */
  readonly path: string
  readonly language: 'python' | 'node' | 'shell'
  /** `true` for the declared entry point and for files with an entry point of their own. */
  readonly runnable: boolean
}

/** One skill as read: nothing in it was executed. */
export interface SkillInfo extends SkillMetadata {
  /** Absolute real path of the skill directory. */
  readonly directory: string
  /** Absolute path of its `SKILL.md`. */
  readonly file: string
  /** The Markdown after the front matter, trimmed. */
  readonly body: string
  readonly runtime: RuntimeDeclaration
  /** Front matter fields that are neither the specification's nor ours. Null prototype. */
  readonly extra: Readonly<Record<string, unknown>>
  readonly scripts: readonly SkillScript[]
  /** Every other file, relative to the skill directory, sorted; bounded (see the diagnostics). */
  readonly resources: readonly string[]
  readonly diagnostics: readonly Diagnostic[]
  /** Where it was found: `host`, `project` or `user`. */
  readonly scope: 'host' | 'project' | 'user'
}
