import { BaseEmbedding } from '@llamaindex/core/embeddings'
import { Settings } from '@llamaindex/core/global'

const dimensions = 512

/** Tells texts apart by the words in them: enough for a few notes, and it asks nobody. */
class LocalEmbedding extends BaseEmbedding {
  // biome-ignore lint/complexity/noUselessConstructor: the one it would inherit is protected
  constructor() {
    super()
  }

  async getTextEmbedding(text: string): Promise<number[]> {
    const vector = new Array<number>(dimensions).fill(0)
    for (const word of text.toLowerCase().match(/\p{L}{3,}/gu) ?? []) {
      const place = [...word].reduce((hash, letter) => (hash * 31 + letter.charCodeAt(0)) % dimensions, 7)
      vector[place] = (vector[place] ?? 0) + 1
    }
    const length = Math.hypot(...vector) || 1
    return vector.map((value) => value / length)
  }
}

export function useLocalEmbedding(): void {
  Settings.embedModel = new LocalEmbedding()
}
