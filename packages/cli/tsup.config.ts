import { readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineConfig, type Options } from 'tsup'
import { library } from '../../tsup.library.js'

type Plugin = NonNullable<Options['esbuildPlugins']>[number]

const { resolve } = createRequire(import.meta.url)
const engine = dirname(resolve('@skilllite/core'))

/** Parts of the engine that it loads only when a skill needs them; each becomes a file of its own here too. */
const lazyParts = readdirSync(engine).filter((file) => /^(?!chunk-).+-[A-Z0-9]{8}\.js$/.test(file))
const partName = (file: string) => `engine-${file.replace(/-[A-Z0-9]{8}\.js$/, '')}`

/** Bundles the engine: finds its files where they are installed, and keeps apart what is loaded late. */
const bundleEngine: Plugin = {
  name: 'bundle-engine',
  setup(build) {
    build.onLoad({ filter: /[\\/]core[\\/]dist[\\/][^\\/]+\.js$/ }, async ({ path }) => {
      const code = await readFile(path, 'utf8')
      const contents = code
        // a file of its own: loading the library's 70 files takes three times as long
        .replace(/createRequire\d*\(import\.meta\.url\)\(["']yaml["']\)/g, 'require("yaml")')
        .replaceAll('import.meta.url', 'engineUrl()')
      return { contents, loader: 'js' }
    })
    build.onResolve({ filter: /^yaml$/ }, ({ kind }) =>
      kind === 'require-call' ? { path: './engine-yaml.cjs', external: true } : undefined,
    )
    // only where a configuration is code, and it loads files of its own
    build.onResolve({ filter: /^jiti$/ }, () => ({ path: 'jiti', external: true }))
    build.onResolve({ filter: /-[A-Z0-9]{8}\.js$/ }, ({ path, kind }) =>
      kind === 'dynamic-import' ? { path: `./${partName(basename(path))}.cjs`, external: true } : undefined,
    )
    // a dependency of the package, large, and wanted by `chat` alone
    build.onResolve({ filter: /^openai$/ }, () => ({ path: 'openai', external: true }))
    build.onResolve({ filter: /\/other-commands\.js$/ }, ({ kind }) =>
      kind === 'dynamic-import' ? { path: './other-commands.cjs', external: true } : undefined,
    )
  },
}

export default defineConfig([
  library,
  {
    // Made for the start time of `skilllite run`. CommonJS: no ESM loader, and a built-in module costs only what is
    // used of it (an ESM import of node:fs loads its streams and promises too, 4 ms). The engine is bundled, since
    // each file costs half a millisecond. What `run` does not need is in other files, and all is minified, since
    // every byte is read and scanned.
    entry: {
      cli: 'src/cli.ts',
      'other-commands': 'src/other-commands.ts',
      'engine-yaml': createRequire(join(engine, 'index.js')).resolve('yaml'),
      ...Object.fromEntries(lazyParts.map((file) => [partName(file), join(engine, file)])),
    },
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    splitting: false,
    minify: true,
    noExternal: [/.*/],
    inject: [fileURLToPath(new URL('src/engine-url.ts', import.meta.url))],
    esbuildPlugins: [bundleEngine],
    esbuildOptions(options) {
      // require() instead of import(), which would start the ESM loader
      options.supported = { 'dynamic-import': false }
      options.legalComments = 'eof'
    },
  },
])
