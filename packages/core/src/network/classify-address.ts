import { type IpAddress, parseIPv4, parseIPv6 } from '../policy/hosts/ip-address.js'

/** What an address is for. Only `public` ones may be reached without being granted themselves. */
export type AddressClass =
  | 'public'
  | 'loopback'
  | 'private'
  | 'link-local'
  | 'cloud metadata'
  | 'multicast'
  | 'broadcast'
  | 'unspecified'
  | 'documentation'
  | 'reserved'
  /** An IPv4 address in the clothes of an IPv6 one. */
  | 'disguised'

/** Longest prefixes first, so that the first that fits is right. The IANA registries of special-purpose addresses. */
const ipv4 = table([
  ['169.254.169.254/32', 'cloud metadata'], // AWS, Google, Azure, Oracle, DigitalOcean …
  ['169.254.169.253/32', 'cloud metadata'], // AWS name server
  ['169.254.170.2/32', 'cloud metadata'], // AWS container credentials
  ['169.254.170.23/32', 'cloud metadata'], // AWS pod identity
  ['168.63.129.16/32', 'cloud metadata'], // Azure's platform, under a public address
  ['100.100.100.200/32', 'cloud metadata'], // Alibaba
  ['192.0.0.192/32', 'cloud metadata'], // Oracle
  ['255.255.255.255/32', 'broadcast'],
  ['192.0.0.0/24', 'reserved'], // protocol assignments
  ['192.0.2.0/24', 'documentation'],
  ['192.88.99.0/24', 'reserved'], // relay of 6to4, which is over
  ['198.51.100.0/24', 'documentation'],
  ['203.0.113.0/24', 'documentation'],
  ['169.254.0.0/16', 'link-local'],
  ['192.168.0.0/16', 'private'],
  ['198.18.0.0/15', 'reserved'], // benchmarks
  ['172.16.0.0/12', 'private'],
  ['100.64.0.0/10', 'private'], // behind a carrier's NAT; Tailscale
  ['0.0.0.0/8', 'unspecified'], // Linux connects 0.0.0.0 to itself
  ['10.0.0.0/8', 'private'],
  ['127.0.0.0/8', 'loopback'],
  ['224.0.0.0/4', 'multicast'],
  ['240.0.0.0/4', 'reserved'],
])

const ipv6 = table([
  ['::/128', 'unspecified'],
  ['::1/128', 'loopback'],
  ['fd00:ec2::254/128', 'cloud metadata'], // AWS
  ['fd00:ec2::253/128', 'cloud metadata'],
  ['fd20:ce::254/128', 'cloud metadata'], // Google
  ['fd00:42::42/128', 'cloud metadata'], // Scaleway
  ['::ffff:0:0/96', 'disguised'], // mapped
  ['::ffff:0:0:0/96', 'disguised'], // translated
  ['::/96', 'disguised'], // compatible
  ['2001::/32', 'disguised'], // Teredo
  ['2001:db8::/32', 'documentation'],
  ['2001::/23', 'reserved'], // protocol assignments
  ['3fff::/20', 'documentation'],
  ['2002::/16', 'disguised'], // 6to4
  ['fe80::/10', 'link-local'],
  ['fec0::/10', 'private'], // site-local
  ['fc00::/7', 'private'],
  ['ff00::/8', 'multicast'],
  ['2000::/3', 'public'],
])

/** RFC 6052: what a network without IPv4 puts in front of an IPv4 address to reach it all the same. */
const nat64 = [0x00, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0]

export function classifyAddress(address: IpAddress): AddressClass {
  if (address.length === 4) return lookUp(ipv4, address) ?? 'public'
  if (nat64.every((byte, i) => byte === address[i])) {
    const inner = classifyAddress(address.slice(12))
    return inner === 'public' ? 'public' : 'disguised'
  }
  if (isIsatap(address)) return 'disguised'
  // What is not handed out yet is no place to connect to.
  return lookUp(ipv6, address) ?? 'reserved'
}

/** RFC 5214: an interface identifier with an IPv4 address, under any prefix. */
function isIsatap(address: IpAddress): boolean {
  return ((address[8] ?? 0) & 0xfc) === 0 && address[9] === 0 && address[10] === 0x5e && address[11] === 0xfe
}

interface Range {
  readonly prefix: IpAddress
  readonly bits: number
  readonly is: AddressClass
}

function table(rows: readonly (readonly [string, AddressClass])[]): readonly Range[] {
  return rows.map(([range, is]) => {
    const [address = '', bits] = range.split('/')
    return { prefix: parseIPv4(address) ?? parseIPv6(address) ?? [], bits: Number(bits), is }
  })
}

function lookUp(ranges: readonly Range[], address: IpAddress): AddressClass | undefined {
  return ranges.find(({ prefix, bits }) => startsWith(address, prefix, bits))?.is
}

function startsWith(address: IpAddress, prefix: IpAddress, bits: number): boolean {
  return prefix.every((byte, i) => {
    const mask = 0xff & (0xff00 >> Math.min(8, Math.max(0, bits - 8 * i)))
    return (byte & mask) === ((address[i] ?? 0) & mask)
  })
}
