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

/** Everything that decides what is read from a skill: with any change of it, what was cached before is not found. */
function interfaceVersion(): string {
  const hash = createHash('sha256').update(readFileSync('package.json'))
  for (const directory of ['src/skill', 'src/schema', 'src/syntax', 'src/tools']) {
    const files = readdirSync(directory, { recursive: true, encoding: 'utf8' })
    for (const file of files.filter((name) => /(?<!\.test)\.ts$/.test(name)).sort()) {
      hash.update(`\0${file}\0`).update(readFileSync(join(directory, file)))
    }
  }
  return hash.digest('hex').slice(0, 16)
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
  // The second runs in threads.
  entry: { index: 'src/index.ts', 'infer-worker': 'src/tools/infer-worker.ts' },
  format: 'esm',
  platform: 'node',
  target: 'node20',
  dts: { entry: { index: 'src/index.ts' } },
  sourcemap: true,
  clean: true,
  // Lazily imported parts (validator, scanner) stay in files of their own, so that a start loads only what it uses.
  splitting: true,
  esbuildPlugins: [esbuildYamlData],
  define: {
    INTERFACE_VERSION: JSON.stringify(interfaceVersion()),
    SKILLLITE_SCAN_VERSION: JSON.stringify(scanVersion()),
  },
  onSuccess: copyGrammars,
})
