/** Letters of other alphabets that look like Latin ones. */
const lookAlikes: Readonly<Record<string, string>> = {
  а: 'a',
  в: 'b',
  с: 'c',
  е: 'e',
  һ: 'h',
  і: 'i',
  ј: 'j',
  к: 'k',
  м: 'm',
  н: 'h',
  о: 'o',
  р: 'p',
  ѕ: 's',
  т: 't',
  у: 'y',
  х: 'x',
  ԁ: 'd',
  ԛ: 'q',
  ԝ: 'w',
  ѵ: 'v',
  α: 'a',
  ε: 'e',
  ι: 'i',
  κ: 'k',
  ν: 'v',
  ο: 'o',
  ρ: 'p',
  τ: 't',
  υ: 'u',
  χ: 'x',
  ɡ: 'g',
  ı: 'i',
  ɑ: 'a',
  ո: 'n',
  օ: 'o',
  ս: 'u',
  հ: 'h',
  ց: 'g',
  ⅼ: 'l',
  А: 'A',
  В: 'B',
  Е: 'E',
  К: 'K',
  М: 'M',
  Н: 'H',
  О: 'O',
  Р: 'P',
  С: 'C',
  Т: 'T',
  Х: 'X',
  І: 'I',
  Ѕ: 'S',
  Ј: 'J',
}

const foreign = /[^\p{ASCII}]/u
const invisible =
  /[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]|[\ufe00-\ufe0f]|[\u{e0000}-\u{e0fff}]/gu

/** A word as a reader takes it: look-alike letters as the Latin ones, without invisible characters, lower case. */
export function foldWord(word: string): string {
  if (!foreign.test(word)) return word.toLowerCase()
  const seen = word.normalize('NFKC').replace(invisible, '')
  // a whole word of another alphabet is a word of another language
  if (!/[a-z]/i.test(seen)) return seen.toLowerCase()
  return [...seen]
    .map((letter) => lookAlikes[letter] ?? letter)
    .join('')
    .toLowerCase()
}

/** Whether a word mixes Latin letters with look-alikes of another alphabet, as no language does. */
export function mixesAlphabets(word: string): boolean {
  if (!foreign.test(word) || !/[a-z]/i.test(word)) return false
  const letters = [...word].filter((letter) => /\p{L}/u.test(letter))
  const alike = letters.filter((letter) => /[^\p{ASCII}]/u.test(letter) && lookAlikes[letter] !== undefined)
  return (
    alike.length > 0 &&
    letters.every((letter) => /\p{ASCII}/u.test(letter) || lookAlikes[letter] !== undefined)
  )
}
