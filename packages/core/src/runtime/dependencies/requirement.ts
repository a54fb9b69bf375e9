/** One Python requirement in the form of PEP 508, of the kind that an index can answer. */
export interface Requirement {
  /** As PEP 503 normalises it. */
  readonly name: string
  /** The whole requirement in one spelling. */
  readonly text: string
}

const NAME = /^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?/
const EXTRAS = /^\[\s*[A-Za-z0-9._-]+(?:\s*,\s*[A-Za-z0-9._-]+)*\s*\]/
const CLAUSE = /^(?:~=|===?|!=|<=?|>=?)\s*[A-Za-z0-9][A-Za-z0-9.*+!_-]*$/
const MARKER = /^[\w\s.'"<>=!~()+*,-]+$/

/**
 * Reads a requirement; a text says what is wrong with it. Only names and versions pass: an address or a path would let
 * a skill choose where code comes from, and an option how it is installed.
 */
export function parseRequirement(given: string): Requirement | string {
  const text = given.trim()
  const name = NAME.exec(text)?.[0]
  if (name === undefined) return 'it does not begin with the name of a package'
  let rest = text.slice(name.length).trim()
  const extras = EXTRAS.exec(rest)?.[0] ?? ''
  rest = rest.slice(extras.length).trim()
  if (rest.startsWith('@')) return 'it names an address, and packages come from your own index only'
  const semicolon = rest.indexOf(';')
  const marker = semicolon < 0 ? '' : rest.slice(semicolon + 1).trim()
  const versions = (semicolon < 0 ? rest : rest.slice(0, semicolon)).trim().replace(/^\((.*)\)$/, '$1')
  const clauses =
    versions === '' ? [] : versions.split(',').map((clause) => clause.trim().replace(/\s+/g, ''))
  if (!clauses.every((clause) => CLAUSE.test(clause))) return 'its version is not of the form >=1.0,<2'
  if (semicolon >= 0 && !MARKER.test(marker)) return 'what stands behind ; is not a marker'
  return {
    name: normaliseName(name),
    text: `${normaliseName(name)}${extras.replace(/\s+/g, '')}${clauses.sort().join(',')}${marker === '' ? '' : ` ; ${marker.replace(/\s+/g, ' ')}`}`,
  }
}

/** The one spelling of a package's name (PEP 503). */
export function normaliseName(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '-')
}
