/** An address as its bytes: 4 or 16 of them. Spelling is gone; two addresses are the same when their bytes are. */
export type IpAddress = readonly number[]

/**
 * An IPv4 address in any spelling that some resolver or URL parser takes: `127.0.0.1`, `127.1`, `0x7f.0.0.1`,
 * `0177.1`, `2130706433`. `undefined` for what is none, also for what only begins like one.
 */
export function parseIPv4(text: string): IpAddress | undefined {
  const numbers = text.split('.').map(parseNumber)
  const last = numbers.pop()
  const length = 4 - numbers.length
  if (last === undefined || length < 1 || last >= 256 ** length) return undefined
  const bytes: number[] = []
  for (const number of numbers) {
    if (number === undefined || number > 255) return undefined
    bytes.push(number)
  }
  // the last number fills all bytes that are left
  for (let place = length - 1; place >= 0; place--) bytes.push(Math.floor(last / 256 ** place) % 256)
  return bytes
}

function parseNumber(text: string): number | undefined {
  if (/^0x[0-9a-f]*$/i.test(text)) return text.length === 2 ? 0 : Number.parseInt(text.slice(2), 16)
  if (/^0[0-7]*$/.test(text)) return Number.parseInt(text, 8)
  return /^[1-9][0-9]*$/.test(text) ? Number.parseInt(text, 10) : undefined
}

/** An IPv6 address without brackets and without a zone; the last two groups may be a plain IPv4 address. */
export function parseIPv6(text: string): IpAddress | undefined {
  const halves = text.split('::')
  if (halves.length > 2) return undefined
  const [head, tail] = halves.map((half, i) => parseGroups(half, i === halves.length - 1))
  if (head === undefined) return undefined
  if (halves.length === 1) return head.length === 16 ? head : undefined
  // "::" stands for at least one group
  if (tail === undefined || head.length + tail.length > 14) return undefined
  return [...head, ...new Array<number>(16 - head.length - tail.length).fill(0), ...tail]
}

function parseGroups(text: string, isEnd: boolean): number[] | undefined {
  if (text === '') return []
  const bytes: number[] = []
  const groups = text.split(':')
  for (const [i, group] of groups.entries()) {
    if (/^[0-9a-f]{1,4}$/i.test(group)) {
      const number = Number.parseInt(group, 16)
      bytes.push(number >> 8, number & 0xff)
    } else if (isEnd && i === groups.length - 1 && /^(0|[1-9]\d{0,2})(\.(0|[1-9]\d{0,2})){3}$/.test(group)) {
      bytes.push(...(parseIPv4(group) ?? [256]))
    } else return undefined
  }
  return bytes.length <= 16 && bytes.every((byte) => byte < 256) ? bytes : undefined
}

/** The one spelling of an address that is shown, compared and connected to (RFC 5952). */
export function formatAddress(address: IpAddress): string {
  if (address.length === 4) return address.join('.')
  const groups = Array.from({ length: 8 }, (_, i) =>
    ((address[2 * i] ?? 0) * 256 + (address[2 * i + 1] ?? 0)).toString(16),
  )
  const zeros = longestZeros(groups)
  if (zeros === undefined) return groups.join(':')
  return `${groups.slice(0, zeros[0]).join(':')}::${groups.slice(zeros[1]).join(':')}`
}

/** First and end of the longest run of at least two zero groups. */
function longestZeros(groups: readonly string[]): readonly [number, number] | undefined {
  let longest: readonly [number, number] | undefined
  for (let start = 0; start < groups.length; start++) {
    let end = start
    while (groups[end] === '0') end++
    if (end - start >= 2 && (longest === undefined || end - start > longest[1] - longest[0])) {
      longest = [start, end]
    }
  }
  return longest
}
