// Injected into the bundle by tsup.config.ts, in place of the engine's own `import.meta.url`.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

/**
 * Where the installed engine's code is: its native binary lies beside that, not beside the bundle. The two places
 * that package managers use are tried first, since `require.resolve` takes several milliseconds.
 */
export function engineUrl(): string {
  const usual = ['../node_modules', '../..'].map((path) =>
    join(__dirname, path, '@skilllite/core/dist/index.js'),
  )
  return pathToFileURL(usual.find((path) => existsSync(path)) ?? require.resolve('@skilllite/core')).href
}
