// No pattern here has nested or overlapping repetition, so hostile text cannot make one slow.
const patterns = {
  emails: /(?<![\w.%+-])[\w%+-][\w.%+-]{0,63}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,8}/giu,
  urls: /\bhttps?:\/\/[^\s<>"'`]+/giu,
  numbers: /(?<![\p{L}\p{N}_.,])[-+−]?\d+(?:[.,]\d+)*(?:e[-+]?\d+)?(?![\p{L}\p{N}_])/giu,
  dates: /(?<!\d)\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?!\d)/gu,
  hashtags: /(?<![\p{L}\p{N}_&#])#[\p{L}\p{N}_]+/gu,
  mentions: /(?<![\p{L}\p{N}_.@])@[\p{L}\p{N}_]+/gu,
}

/** Punctuation after a link belongs to the sentence; a closing bracket too, unless the link opened it. */
function withoutSentenceEnd(url) {
  let unopened = (url.match(/\)/g) ?? []).length - (url.match(/\(/g) ?? []).length
  let end = url.length
  for (; end > 0; end--) {
    const last = url[end - 1]
    if (!'.,;:!?)]'.includes(last)) break
    if (last === ')' && unopened-- <= 0) break
  }
  return url.slice(0, end)
}

export function extract({ text, what }) {
  if (!Object.hasOwn(patterns, what)) return {}
  const found = text.match(patterns[what]) ?? []
  const result = [...new Set(what === 'urls' ? found.map(withoutSentenceEnd) : found)]
  return { result, count: result.length }
}
