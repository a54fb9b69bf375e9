/** For the words around a message. */
const TOKENS_PER_MESSAGE = 4

/**
 * Estimates how many tokens text, or data as JSON, comes to: four ASCII characters one token, any other character one.
 * Tokenizers differ; for English and code this is usually within a fifth.
 */
export function estimateTokens(value: unknown): number {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
  let ascii = 0
  let others = 0
  for (const character of text) {
    if (character <= '\u007f') ascii += 1
    else others += 1
  }
  return Math.ceil(ascii / 4) + others
}

/** The same of the messages and tools of one request. */
export function estimateRequest(messages: readonly unknown[], tools: readonly unknown[]): number {
  const all = [...messages, ...tools].map((entry) => estimateTokens(entry) + TOKENS_PER_MESSAGE)
  return all.reduce((sum, tokens) => sum + tokens, 0)
}
