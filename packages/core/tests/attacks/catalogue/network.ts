import { readlinkSync } from 'node:fs'
import type { Attempt } from '../attempt.js'
import { contacts, holds, seenAtReady } from '../effects.js'
import type { Plant } from '../world.js'
import { attempts, ROOT } from './make.js'

const attempt = attempts('network')
const to = (plant: Plant) => ({ with: [plant] })
const listens = holds(/^socket:/)
const families = (numbers: string) => ({ env: () => ({ A_FAMILIES: numbers }) })
const ownNetwork = (): string => readlinkSync('/proc/self/ns/net')
/** An abstract name is in the network namespace, which the sandbox has to itself. */
const listensOnHost = seenAtReady(
  'a socket listens in the network namespace of the host',
  ({ namespaces, descriptors }) =>
    namespaces.net === ownNetwork() && descriptors.some((target) => target.startsWith('socket:')),
)

export const NETWORK: readonly Attempt[] = [
  attempt('connect.py', "connects to the host's loopback (Python)", contacts, to('tcp')),
  attempt('connect.mjs', "connects to the host's loopback (Node)", contacts, to('tcp')),
  attempt('fetch.mjs', 'makes an HTTP request (Node)', contacts, to('tcp')),
  attempt('http.py', 'makes an HTTP request (Python)', contacts, to('tcp')),
  attempt('connect6.py', "connects to the host's IPv6 loopback", contacts, {
    ...to('tcp6'),
    needs: { words: 'an IPv6 loopback' },
  }),
  attempt('fast-open.py', 'sends with the first packet of a connection', contacts, to('tcp')),
  attempt('datagram.py', 'sends a UDP datagram (Python)', contacts, to('udp')),
  attempt('datagram.mjs', 'sends a UDP datagram (Node)', contacts, to('udp')),
  attempt('datagram6.py', 'sends a UDP datagram to a mapped address', contacts, {
    ...to('udp'),
    needs: { words: 'IPv6' },
  }),
  attempt('message.py', 'sends a UDP datagram with sendmsg', contacts, to('udp')),
  attempt('resolve.mjs', 'carries data out in a DNS query', contacts, to('udp')),
  attempt(
    'unix.py',
    'connects to a socket of the host in the skill directory (Python)',
    contacts,
    to('unix'),
  ),
  attempt('unix.mjs', 'connects to a socket of the host in the skill directory (Node)', contacts, to('unix')),
  attempt('unix-link.py', 'connects to a socket of the host through a link', contacts, to('unix')),
  attempt('unix-handle.py', 'connects to a socket of the host through /proc/self/fd', contacts, to('unix')),
  attempt('reuse-pair.py', 'connects sockets that it has already to the host', contacts, to('unix')),
  attempt('unix-datagram.py', 'sends a datagram to a socket of the host', contacts, to('unix-datagram')),
  attempt(
    'unix-datagram-message.py',
    'sends a datagram with sendmsg to a socket of the host',
    contacts,
    to('unix-datagram'),
  ),
  attempt(
    'unix-sequence.py',
    'connects to a socket of the host for packets in sequence',
    contacts,
    to('unix-sequence'),
  ),
  attempt('abstract.py', 'connects to an abstract socket of the host (Python)', contacts, to('abstract')),
  attempt('abstract.mjs', 'connects to an abstract socket of the host (Node)', contacts, to('abstract')),
  attempt('listen.py', 'listens on a port (Python)', listens),
  attempt('listen.mjs', 'listens on a port (Node)', listens),
  attempt('listen-abstract.py', 'listens on an abstract name', listensOnHost),
  attempt('netlink.py', "asks netlink for the host's interfaces", listens),
  attempt('netlink-kinds.py', 'opens every kind of netlink socket', listens),
  attempt('families.py', 'opens packet sockets', listens, { ...families('17'), needs: ROOT }),
  attempt('families.py', 'opens internet sockets of every kind', listens, families('2 10')),
  attempt('families.py', 'opens sockets to the hypervisor', listens, {
    ...families('40'),
    needs: { words: 'a machine with vsock' },
  }),
  attempt('families.py', 'opens kernel crypto sockets', listens, {
    ...families('38'),
    needs: { words: 'a kernel with AF_ALG' },
  }),
  attempt('families.py', 'opens sockets of the rarer families', listens, {
    ...families('3 4 5 9 15 16 21 23 28 29 30 31 33 35 36 37 39 41 42 43 44 45'),
  }),
]
