import { defineConfig } from 'tsup'

const shared = { format: 'esm', platform: 'node', target: 'node20', sourcemap: true } as const

export default defineConfig([
  { ...shared, entry: { index: 'src/index.ts' }, dts: true },
  {
    ...shared,
    entry: { cli: 'src/cli.ts' },
    // a file for each command and what it shares with others, so that a start loads only what it uses
    splitting: true,
  },
])
