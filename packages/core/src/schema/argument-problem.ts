/** One thing that is wrong with arguments, the same from either validator. */
export interface ArgumentProblem {
  /** Where: names and indices from the arguments' root. */
  readonly path: readonly (string | number)[]
  readonly fault: Fault
}

export type Fault =
  | { readonly kind: 'missing' }
  | { readonly kind: 'unknown'; readonly known: readonly string[] }
  | { readonly kind: 'choice'; readonly allowed: readonly unknown[] }
  | { readonly kind: 'type'; readonly types: readonly string[] }
  | { readonly kind: 'bound'; readonly comparison: '>=' | '<=' | '>' | '<'; readonly limit: number }
  | {
      readonly kind: 'size'
      readonly unit: 'characters' | 'items'
      readonly comparison: '>=' | '<='
      readonly limit: number
    }
  /** Anything else, in the words of the validator. */
  | { readonly kind: 'other'; readonly text: string }

const rank: Readonly<Record<Fault['kind'], number>> = {
  unknown: 0,
  missing: 1,
  choice: 2,
  type: 3,
  bound: 4,
  size: 5,
  other: 6,
}

/**
 * Sorts problems and drops those that a stronger one at the same place explains: a wrong choice makes its type
 * uninteresting, a wrong type its bounds.
 */
export function settleProblems(problems: readonly ArgumentProblem[]): ArgumentProblem[] {
  const keyed = problems.map((problem) => ({
    problem,
    place: JSON.stringify(problem.path),
    detail: JSON.stringify(problem.fault),
  }))
  const strongest = new Map<string, number>()
  for (const { problem, place } of keyed) {
    strongest.set(place, Math.min(strongest.get(place) ?? 9, rank[problem.fault.kind]))
  }
  const seen = new Set<string>()
  return keyed
    .filter(({ problem, place, detail }) => {
      const top = strongest.get(place) ?? 9
      const shadowed = top <= rank.type && rank[problem.fault.kind] > top
      const fresh = !seen.has(place + detail)
      seen.add(place + detail)
      return !shadowed && fresh
    })
    .sort(
      (a, b) =>
        rank[a.problem.fault.kind] - rank[b.problem.fault.kind] ||
        compare(a.place, b.place) ||
        compare(a.detail, b.detail),
    )
    .map(({ problem }) => problem)
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
