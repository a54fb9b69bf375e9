/** The name most like `given`, if one is near enough to be a slip of the pen. */
export function nearestName(given: string, known: readonly string[]): string | undefined {
  const wanted = normalise(given)
  let best: { readonly name: string; readonly distance: number } | undefined
  for (const name of known.slice(0, 200)) {
    const candidate = normalise(name)
    const distance = editDistance(wanted, candidate)
    const contains = wanted.length > 2 && (candidate.startsWith(wanted) || wanted.startsWith(candidate))
    const near =
      distance <= Math.max(1, Math.floor(Math.max(wanted.length, candidate.length) / 3)) || contains
    if (near && (best === undefined || distance < best.distance)) best = { name, distance }
  }
  return best?.name
}

const normalise = (name: string): string =>
  name
    .slice(0, 64)
    .toLowerCase()
    .replace(/[-_\s]/g, '')

/** Levenshtein distance where swapping two neighbours counts as one. */
function editDistance(a: string, b: string): number {
  let previous: number[] = []
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1
      let cost = Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + same)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, (previous[j - 2] ?? 0) + 1)
      }
      next.push(cost)
    }
    previous = row
    row = next
  }
  return row[b.length] ?? 0
}
