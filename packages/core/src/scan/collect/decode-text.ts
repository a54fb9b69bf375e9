/** Bytes read as text, whatever their encoding. */
export interface DecodedText {
  readonly text: string
  readonly encoding: 'utf-8' | 'utf-16le' | 'utf-16be' | 'latin1'
}

/** The text of a file, or undefined where it is none. Encodings are told by their marks, or by where the zeros are. */
export function decodeText(bytes: Buffer): DecodedText | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe)
    return { text: bytes.subarray(2).toString('utf16le'), encoding: 'utf-16le' }
  if (bytes[0] === 0xfe && bytes[1] === 0xff)
    return { text: swapped(bytes.subarray(2)), encoding: 'utf-16be' }
  const sample = bytes.subarray(0, 4_096)
  const [even, odd] = zeros(sample)
  const half = sample.length / 2
  if (half >= 4 && odd > half * 0.3 && even < half * 0.05)
    return { text: bytes.toString('utf16le'), encoding: 'utf-16le' }
  if (half >= 4 && even > half * 0.3 && odd < half * 0.05)
    return { text: swapped(bytes), encoding: 'utf-16be' }
  const text = bytes.toString('utf8')
  const broken = countOf(text, '\ufffd')
  if (broken === 0 && even + odd === 0) return { text, encoding: 'utf-8' }
  const control = sample.filter((byte) => byte < 9 || (byte > 13 && byte < 32 && byte !== 27)).length
  if (control > sample.length * 0.02) return undefined
  return broken > 0 && broken > text.length * 0.01
    ? { text: bytes.toString('latin1'), encoding: 'latin1' }
    : { text, encoding: 'utf-8' }
}

function swapped(bytes: Buffer): string {
  return Buffer.from(bytes.subarray(0, bytes.length & ~1))
    .swap16()
    .toString('utf16le')
}

function zeros(sample: Buffer): [even: number, odd: number] {
  const counts: [number, number] = [0, 0]
  sample.forEach((byte, index) => {
    if (byte === 0) counts[index % 2 === 0 ? 0 : 1]++
  })
  return counts
}

function countOf(text: string, character: string): number {
  let count = 0
  for (let at = text.indexOf(character); at !== -1; at = text.indexOf(character, at + 1)) count++
  return count
}
