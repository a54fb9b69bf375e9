/** Keeps the first `limit` bytes of a stream and passes the same bytes on. */
export class OutputBuffer {
  private readonly chunks: Buffer[] = []
  private size = 0
  /** Whether more came than was kept. */
  truncated = false

  constructor(
    private readonly limit: number,
    private readonly listener: ((chunk: Uint8Array) => void) | undefined,
  ) {}

  add(chunk: Buffer): void {
    const room = this.limit - this.size
    if (chunk.length > room) this.truncated = true
    const kept = chunk.length > room ? chunk.subarray(0, room) : chunk
    if (kept.length === 0) return
    this.chunks.push(kept)
    this.size += kept.length
    this.listener?.(kept)
  }

  /** As UTF-8; what is not valid becomes U+FFFD. */
  text(): string {
    return Buffer.concat(this.chunks).toString('utf8')
  }
}
