import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
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

/** Digest of all that decides what a scan finds: a result that was kept holds for exactly this version of it. */
function scanVersion(): string {
  const hash = createHash('sha256')
  for (const directory of ['src/scan', 'src/syntax']) {
    for (const file of readdirSync(directory, { recursive: true, encoding: 'utf8' }).sort()) {
      if (/(?<!\.test)\.(ts|yml)$/.test(file))
        hash
          .update(file)
          .update('\0')
          .update(readFileSync(join(directory, file)))
    }
  }
  return `sha256:${hash.digest('hex')}`
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
  define: { SKILLLITE_SCAN_VERSION: JSON.stringify(scanVersion()) },
  onSuccess: copyGrammars,
})
