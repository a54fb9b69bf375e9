const FIRST_BYTES = 4_096

/** Keeps the first `limit` bytes of a stream and passes the same bytes on. */
export class OutputBuffer {
  // One piece: a script that prints byte by byte would otherwise cost hundreds of bytes for each.
  private kept = Buffer.alloc(0)
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
    const fits = chunk.length > room ? chunk.subarray(0, room) : chunk
    if (fits.length === 0) return
    this.reserve(this.size + fits.length)
    fits.copy(this.kept, this.size)
    this.size += fits.length
    this.listener?.(fits)
  }

  /** As UTF-8; what is not valid becomes U+FFFD. */
  text(): string {
    return this.kept.toString('utf8', 0, this.size)
  }

  private reserve(bytes: number): void {
    if (bytes <= this.kept.length) return
    const grown = Buffer.allocUnsafeSlow(Math.min(this.limit, Math.max(bytes, this.size * 2, FIRST_BYTES)))
    this.kept.copy(grown, 0, 0, this.size)
    this.kept = grown
  }
}
