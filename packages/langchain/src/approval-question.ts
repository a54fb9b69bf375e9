/** What `interrupt` is called with, and so what a person is shown while the graph waits. */
export interface ApprovalQuestion {
  readonly type: 'skill-approval'
  readonly tool: string
  readonly arguments: unknown
  /** What the scan found, as a person reads it. */
  readonly report: string
  /** Resume with this to approve exactly what the report is about; anything else is a no. */
  readonly scanId: string
}
