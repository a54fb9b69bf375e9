import { StringDecoder } from 'node:string_decoder'

/**
 * Characters that make a terminal do something, or show text in another order than it is stored: C0 but tab and
 * newline, DEL, C1, line and paragraph separators, and bidirectional controls.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are the subject
const active = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g

/** Text from a stranger with its control characters made visible. Tabs and newlines stay, and so does CR before LF. */
export function visible(text: string): string {
  return text.replace(active, (character, offset: number) =>
    character === '\r' && text[offset + 1] === '\n' ? character : escapeOf(character),
  )
}

/** As {@link visible}, on one line: for names and descriptions in tables and messages. */
export function visibleLine(text: string): string {
  return visible(text.replace(/\s+/g, ' ').trim())
}

/** JSON with every active character escaped, so that it is as safe on a terminal as in a file. */
export function visibleJson(value: unknown, indent = 2): string {
  return JSON.stringify(value, null, indent).replace(active, escapeUnicode)
}

/** {@link visible} over a stream of bytes, whose chunks may end within a character or between CR and LF. */
export class VisibleStream {
  readonly #decoder = new StringDecoder('utf8')
  #held = ''

  write(chunk: Uint8Array): string {
    return this.#next(this.#decoder.write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)))
  }

  end(): string {
    const text = this.#held + this.#decoder.end()
    this.#held = ''
    return visible(text)
  }

  #next(decoded: string): string {
    const text = this.#held + decoded
    this.#held = text.endsWith('\r') ? '\r' : ''
    return visible(this.#held === '' ? text : text.slice(0, -1))
  }
}

function escapeOf(character: string): string {
  const code = character.charCodeAt(0)
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : escapeUnicode(character)
}

function escapeUnicode(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}
