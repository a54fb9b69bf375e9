import { withoutSecrets } from './index-settings.js'

const MAX_LINE = 200

/** Hands on the lines of a program's output, without what acts on a terminal, and without passwords. */
export function outputLines(onLine: (line: string) => void): (chunk: Uint8Array) => void {
  const decoder = new TextDecoder()
  let rest = ''
  return (chunk) => {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split(/[\r\n]+/)
    rest = (lines.pop() ?? '').slice(-MAX_LINE)
    for (const line of lines) {
      const shown = withoutSecrets(line)
        .replace(/[\p{Cc}\p{Cf}]/gu, '')
        .trim()
      if (shown !== '') onLine(shown.slice(0, MAX_LINE))
    }
  }
}
