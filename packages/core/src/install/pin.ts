/** One package in the exact version that is installed. */
export interface Pin {
  readonly name: string
  readonly version: string
  /** `sha256:…` for Python, subresource integrity (`sha512-…`) for npm. Any of them will do. */
  readonly hashes: readonly string[]
}

const HASH = /^(?:sha(?:256|384|512):[0-9a-f]{64,128}|sha(?:1|256|384|512)-[A-Za-z0-9+/=]{20,100})$/
const NAME = /^(?:@[\w.~-]+\/)?[\w.~-]{1,214}$/
const VERSION = /^[\w.+!~-]{1,100}$/

export function isPin(value: unknown): value is Pin {
  if (typeof value !== 'object' || value === null) return false
  const { name, version, hashes } = value as Partial<Record<keyof Pin, unknown>>
  return (
    typeof name === 'string' &&
    NAME.test(name) &&
    typeof version === 'string' &&
    VERSION.test(version) &&
    Array.isArray(hashes) &&
    hashes.every((hash) => typeof hash === 'string' && HASH.test(hash))
  )
}

/** Pins in the form of a requirements file, which pip and uv read. */
export function pinsAsRequirements(pins: readonly Pin[]): string {
  return pins
    .map(({ name, version, hashes }) =>
      [`${name}==${version}`, ...hashes.map((hash) => `--hash=${hash}`)].join(' \\\n    '),
    )
    .concat('')
    .join('\n')
}
