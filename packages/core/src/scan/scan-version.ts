/** Set by the build: a digest of the scan's sources and rules. */
declare const SKILLLITE_SCAN_VERSION: string | undefined

/** Which scan this is; nothing where it runs from sources, which may change at any time. */
export const scanVersion: string | undefined =
  typeof SKILLLITE_SCAN_VERSION === 'string' ? SKILLLITE_SCAN_VERSION : undefined
