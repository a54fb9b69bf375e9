import type { Options } from 'tsup'

/** How a package that is one ES module for Node.js is built. */
export const library: Options = {
  entry: { index: 'src/index.ts' },
  format: 'esm',
  platform: 'node',
  target: 'node20',
  dts: true,
  sourcemap: true,
}
