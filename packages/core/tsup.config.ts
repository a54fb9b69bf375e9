import { defineConfig } from 'tsup'

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
})
