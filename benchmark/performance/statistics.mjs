const sorted = (values) => [...values].sort((a, b) => a - b)

/** Linear between the two values next to the place asked for. */
export function quantile(values, share) {
  const ordered = sorted(values)
  const place = (ordered.length - 1) * share
  const below = Math.floor(place)
  const next = ordered[Math.min(below + 1, ordered.length - 1)]
  return ordered[below] + (next - ordered[below]) * (place - below)
}

export const median = (values) => quantile(values, 0.5)

export function summarize(cases, times) {
  const base = median(times[0])
  return cases.map((one, i) => ({
    title: one.title,
    runs: times[i].length,
    median: median(times[i]),
    p10: quantile(times[i], 0.1),
    p90: quantile(times[i], 0.9),
    ratio: median(times[i]) / base,
    added: median(times[i]) - base,
  }))
}
