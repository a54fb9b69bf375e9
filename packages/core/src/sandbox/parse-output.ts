/** Deeper data would overflow the stack of whoever prints or walks it. */
const MAX_DEPTH = 500

/** stdout as data where it is JSON, else as text without its final newline. */
export function parseOutput(stdout: string): unknown {
  const text = stdout.replace(/\r?\n$/, '')
  if (!/^\s*[[{"\-0-9tfn]/.test(text) || nestsTooDeeply(text)) return text
  try {
    return JSON.parse(text) as unknown
  } catch {
    return text
  }
}

function nestsTooDeeply(text: string): boolean {
  let depth = 0
  let inString = false
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (inString) {
      if (code === 0x5c) i++
      else if (code === 0x22) inString = false
    } else if (code === 0x22) inString = true
    else if (code === 0x5b || code === 0x7b) {
      if (++depth > MAX_DEPTH) return true
    } else if (code === 0x5d || code === 0x7d) depth--
  }
  return false
}
