/**
 * Whether a release (`3.11.7`) fits a Python version specifier (PEP 440: `>=3.9,<4`, `~=3.10`, `==3.11.*`). A clause
 * that is not understood does not fit.
 */
export function fitsPython(version: string, specifier: string): boolean {
  const release = numbers(version)
  return specifier
    .split(',')
    .map((clause) => clause.trim())
    .filter((clause) => clause !== '')
    .every((clause) => {
      const [, operator, wanted, rest] = /^(~=|===?|!=|<=?|>=?)\s*(\d+(?:\.\d+)*)(\.\*)?$/.exec(clause) ?? []
      if (operator === undefined || wanted === undefined) return false
      const parts = numbers(wanted)
      const prefix = compare(release.slice(0, parts.length), parts) === 0
      const order = compare(release, parts)
      switch (operator) {
        case '==':
        case '===':
          return rest === undefined ? order === 0 : prefix
        case '!=':
          return rest === undefined ? order !== 0 : !prefix
        case '~=':
          return order >= 0 && compare(release.slice(0, parts.length - 1), parts.slice(0, -1)) === 0
        case '>=':
          return order >= 0
        case '>':
          return order > 0 && !prefix
        case '<=':
          return order <= 0
        default:
          return order < 0
      }
    })
}

/**
 * Whether a release fits an npm range (`>=18`, `^20.1`, `18.x || >=20 <23`, `18 - 20`). What is not understood fits:
 * npm itself only warns.
 */
export function fitsNode(version: string, range: string): boolean {
  return range.split('||').some((alternative) => {
    const hyphen = alternative.trim().replace(/^(\S+)\s+-\s+(\S+)$/, '>=$1 <=$2')
    const clauses = hyphen.replace(/([<>=^~])\s+/g, '$1').split(/\s+/)
    return clauses
      .filter((clause) => clause !== '')
      .every((clause) => fitsNodeClause(numbers(version), clause))
  })
}

function fitsNodeClause(release: readonly number[], clause: string): boolean {
  const [, operator = '', wanted] = /^([<>]=?|=|\^|~)?v?(\d+(?:\.\d+)*)(?:\.[xX*])*$/.exec(clause) ?? []
  if (wanted === undefined) return true
  const parts = numbers(wanted)
  const order = compare(release, parts)
  const within = (length: number) => compare(release.slice(0, length), parts.slice(0, length)) === 0
  switch (operator) {
    case '>=':
      return order >= 0
    case '>':
      return order > 0 && !within(parts.length)
    case '<':
      return order < 0
    case '<=':
      return order <= 0 || within(parts.length)
    case '^':
      return order >= 0 && within(1)
    case '~':
      return order >= 0 && within(Math.min(2, parts.length))
    default:
      return within(parts.length)
  }
}

const numbers = (version: string): readonly number[] => version.split('.').map(Number)

/** Missing parts count as 0. */
export function compareVersions(a: string, b: string): number {
  return compare(numbers(a), numbers(b))
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (let place = 0; place < Math.max(a.length, b.length); place++) {
    const difference = (a[place] ?? 0) - (b[place] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}
