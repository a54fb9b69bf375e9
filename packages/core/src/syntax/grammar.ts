import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import type { Language, Parser } from 'web-tree-sitter'

/** A language whose sources can be read as a syntax tree. */
export type SyntaxLanguage = 'python' | 'javascript' | 'typescript' | 'tsx' | 'bash'

const packages: Readonly<Record<SyntaxLanguage, string>> = {
  python: 'tree-sitter-python',
  javascript: 'tree-sitter-javascript',
  typescript: 'tree-sitter-typescript',
  tsx: 'tree-sitter-typescript',
  bash: 'tree-sitter-bash',
}

type Library = typeof import('web-tree-sitter')

let library: Promise<Library> | undefined
const parsers = new Map<SyntaxLanguage, Promise<Parser>>()

/** The parser of a language. The library and each grammar are loaded once, by the first who asks. */
export function loadParser(language: SyntaxLanguage): Promise<Parser> {
  let parser = parsers.get(language)
  if (parser === undefined) {
    parser = startParser(language)
    parsers.set(language, parser)
    // A grammar that could not be read once may be readable later.
    parser.catch(() => parsers.delete(language))
  }
  return parser
}

/** Forgets everything loaded: after a trap, the memory that all parsers share cannot be relied on. */
export function dropParsers(): void {
  library = undefined
  parsers.clear()
}

async function startParser(language: SyntaxLanguage): Promise<Parser> {
  library ??= startLibrary()
  const { Language, Parser } = await library
  const grammar: Language = await Language.load(await readFile(grammarFile(language)))
  return new Parser().setLanguage(grammar)
}

async function startLibrary(): Promise<Library> {
  // Not an import: a bundle of the engine leaves it where it is installed, beside its WebAssembly file.
  const loaded: Library = createRequire(import.meta.url)('web-tree-sitter')
  await loaded.Parser.init()
  return loaded
}

function grammarFile(language: SyntaxLanguage): string {
  const file = `tree-sitter-${language}.wasm`
  // As built, the grammars are copied into dist/; from sources, they are in the packages they come from.
  return import.meta.url.endsWith('.ts')
    ? createRequire(import.meta.url).resolve(`${packages[language]}/${file}`)
    : fileURLToPath(new URL(`./grammars/${file}`, import.meta.url))
}
