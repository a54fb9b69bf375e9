/** Something that a run tried to reach, told together with its likes. */
export interface NetworkAttempt {
  /** Normalised; `""` where none could be read. */
  readonly host: string
  readonly port: number
  /** `failed`: it was allowed, but there was no connection. */
  readonly verdict: 'allowed' | 'refused' | 'failed'
  /** Why it was refused or failed; `""` where it was allowed. */
  readonly reason: string
  /** What went in both directions. */
  readonly bytes: number
  readonly count: number
  /** The entry of `allowHosts` that would have allowed it, where one would. */
  readonly grant?: string
}
