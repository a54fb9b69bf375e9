/** What a host is asked to agree to. */
export interface InstallRequest {
  readonly skill: string
  /** `pandas<4,>=2.0`, `left-pad@^1.3.0`: what the skill declares. */
  readonly requirements: readonly string[]
  /** Where it declares them, in words. */
  readonly places: readonly string[]
  /** In the exact versions of the project's lock, where there is one. */
  readonly locked: boolean
}

/** What a host decides about the packages that skills declare. */
export interface DependencyOptions {
  /** Whether packages that a skill declares are installed for it: never, after `confirmInstall` has said yes, or always.
   *  What has been installed before is used in any case.
   *  @default 'ask' where there is a `confirmInstall`, else 'deny' */
  readonly dependencies?: 'deny' | 'ask' | 'allow'
  /** Asked with `dependencies: 'ask'`, where a script would not find all of it without an installation.
   *  @default none: then nothing is installed, and the run is refused */
  readonly confirmInstall?: (request: InstallRequest) => boolean | Promise<boolean>
  /** Python packages that may be built from their source, which runs their author's code, in the sandbox.
   *  @default []: packages come as wheels only */
  readonly allowSourceBuilds?: readonly string[]
}

/** What happens while packages are installed. */
export type InstallProgress =
  /** Another process installs the same. */
  | { readonly kind: 'install-waiting' }
  | { readonly kind: 'install-started'; readonly requirements: readonly string[]; readonly installer: string }
  /** A line of the installer. */
  | { readonly kind: 'install-output'; readonly line: string }
  | { readonly kind: 'install-finished' }
