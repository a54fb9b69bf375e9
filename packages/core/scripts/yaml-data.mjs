// Data written as YAML (the scan's rules) becomes JSON when it is built, so that nothing parses YAML at run time.
import { readFile } from 'node:fs/promises'
import { parse } from 'yaml'

const isData = /\.yml$/

async function asModule(file) {
  return `export default ${JSON.stringify(parse(await readFile(file, 'utf8')))}`
}

/** For tsup. */
export const esbuildYamlData = {
  name: 'yaml-data',
  setup(build) {
    build.onLoad({ filter: isData }, async ({ path }) => ({ contents: await asModule(path), loader: 'js' }))
  },
}

/** For vitest. */
export const viteYamlData = {
  name: 'yaml-data',
  enforce: 'pre',
  async load(id) {
    return isData.test(id) ? asModule(id) : undefined
  },
}
