import type { LanguageReader } from '../style-reader.js'

/** Reads Python scripts. */
export const pythonReader: LanguageReader = {
  styles: [],
  describe: () => undefined,
  needs: () => [],
}
