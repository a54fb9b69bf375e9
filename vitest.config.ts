import { defineConfig } from 'vitest/config'
import { viteYamlData } from './packages/core/scripts/yaml-data.mjs'

export default defineConfig({
  plugins: [viteYamlData],
  test: {
    include: [
      'packages/*/{src,tests}/**/*.test.ts',
      'skills/**/*.test.ts',
      'examples/**/*.test.ts',
      'scripts/**/*.test.ts',
    ],
    // tests start interpreters and sandboxes on machines that may be busy
    testTimeout: 30_000,
    hookTimeout: 30_000,
    pool: 'forks',
  },
})
