import { copyFile, mkdir } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { defineConfig } from 'tsup'
import { esbuildYamlData } from './scripts/yaml-data.mjs'

const { resolve } = createRequire(import.meta.url)

const grammars = {
  'tree-sitter-python': ['python'],
  'tree-sitter-javascript': ['javascript'],
  'tree-sitter-typescript': ['typescript', 'tsx'],
  'tree-sitter-bash': ['bash'],
}

/** The grammars' packages hold megabytes of C sources; of each, only the WebAssembly and its licence are shipped. */
async function copyGrammars(): Promise<void> {
  await mkdir('dist/grammars', { recursive: true })
  for (const [name, languages] of Object.entries(grammars)) {
    const directory = dirname(resolve(`${name}/package.json`))
    await copyFile(join(directory, 'LICENSE'), `dist/grammars/${name}.LICENSE`)
    for (const language of languages) {
      const file = `tree-sitter-${language}.wasm`
      await copyFile(join(directory, file), join('dist/grammars', file))
    }
  }
}

export default defineConfig({
  entry: ['src/index.ts'],
  format: 'esm',
  platform: 'node',
  target: 'node20',
  dts: true,
  sourcemap: true,
  clean: true,
  // Lazily imported parts (validator, scanner) stay in files of their own, so that a start loads only what it uses.
  splitting: true,
  esbuildPlugins: [esbuildYamlData],
  onSuccess: copyGrammars,
})
