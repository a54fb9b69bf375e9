import { gunzipSync, inflateRawSync, inflateSync } from 'node:zlib'

const maxInflated = 4 * 1024 * 1024

/** The bytes of base64 as text, or undefined where it is none. */
export function decodeBase64(text: string): string | undefined {
  const compact = text.replace(/\s/g, '').replace(/-/g, '+').replace(/_/g, '/')
  if (compact.length < 4 || !/^[A-Za-z0-9+/]+={0,2}$/.test(compact)) return undefined
  return bytesAsText(Buffer.from(compact, 'base64'))
}

/** The bytes of hexadecimal digits as text. */
export function decodeHex(text: string): string | undefined {
  const compact = text.replace(/[\s,:]|\\x|0x/g, '')
  if (compact.length < 4 || compact.length % 2 !== 0 || !/^[0-9a-fA-F]+$/.test(compact)) return undefined
  return bytesAsText(Buffer.from(compact, 'hex'))
}

/** What compressed bytes hold, as text; bounded. */
export function inflate(bytes: Buffer): string | undefined {
  for (const method of [gunzipSync, inflateSync, inflateRawSync]) {
    try {
      return bytesAsText(method(bytes, { maxOutputLength: maxInflated }))
    } catch {
      // not this format
    }
  }
  return undefined
}

/** Bytes as text: UTF-8 where they are, else one character each, so that nothing is lost. */
export function bytesAsText(bytes: Buffer): string {
  const text = bytes.toString('utf8')
  return text.includes('\ufffd') ? bytes.toString('latin1') : text
}

/** Whether a text reads like text: few control characters. */
export function isReadable(text: string): boolean {
  const sample = text.slice(0, 2_000)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are the subject
  const odd = sample.match(/[\u0000-\u0008\u000e-\u001f\u007f-\u009f\ufffd]/g)?.length ?? 0
  return sample.length > 0 && odd <= sample.length * 0.05
}
