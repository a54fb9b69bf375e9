/** The words of an identifier or a sentence: `parseHTTPReply2` → parse, HTTP, Reply2. */
function words(text) {
  return (
    text
      .replace(/['’]/gu, '')
      .replace(/(\p{Ll}|\p{N})(\p{Lu})/gu, '$1 $2')
      .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2')
      .match(/[\p{L}\p{M}\p{N}]+/gu) ?? []
  )
}

function capitalised(word) {
  const [first = '', ...rest] = word
  return first.toUpperCase() + rest.join('').toLowerCase()
}

function joined(text, separator) {
  return words(text.toLowerCase() === text || text.toUpperCase() === text ? text.toLowerCase() : text)
    .map((word) => word.toLowerCase())
    .join(separator)
}

const styles = {
  upper: (text) => text.toUpperCase(),
  lower: (text) => text.toLowerCase(),
  title: (text) => text.replace(/[\p{L}\p{N}][\p{L}\p{M}\p{N}'’]*/gu, capitalised),
  sentence: (text) =>
    text
      .toLowerCase()
      .replace(
        /(^|[.!?]\s+)([^\p{L}\p{N}]*)(\p{L})/gu,
        (_, gap, marks, letter) => gap + marks + letter.toUpperCase(),
      ),
  camel: (text) => styles.pascal(text).replace(/^./u, (letter) => letter.toLowerCase()),
  pascal: (text) => joined(text, ' ').split(' ').map(capitalised).join(''),
  snake: (text) => joined(text, '_'),
  kebab: (text) => joined(text, '-'),
  constant: (text) => joined(text, '_').toUpperCase(),
}

/** Undefined for a style that does not exist. */
export function changeCase(text, style) {
  return Object.hasOwn(styles, style) ? styles[style](text) : undefined
}

// letters that do not come apart into an ASCII letter and a mark
const spelledOut = { ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', ł: 'l', đ: 'd', ð: 'd', þ: 'th', ı: 'i' }

export function slug(text) {
  return text
    .toLowerCase()
    .replace(/[ßæœøłđðþı]/gu, (letter) => spelledOut[letter])
    .normalize('NFKD')
    .replace(/[\p{M}'’]/gu, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
}
