import { createRequire } from 'node:module'
import type * as Yaml from 'yaml'

/** The value of a YAML document. Throws for what is not valid, and for aliases: a configuration needs none. */
export function parse(text: string): unknown {
  const { parse: parseYaml }: typeof Yaml = createRequire(import.meta.url)('yaml')
  return parseYaml(text, { schema: 'core', uniqueKeys: true, maxAliasCount: 0, prettyErrors: true })
}
