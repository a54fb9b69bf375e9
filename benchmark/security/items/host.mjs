import { readdirSync, readFileSync } from 'node:fs'
import os from 'node:os'
import { printed } from './printed.mjs'

const FILES = {
  'machine id': '/etc/machine-id',
  'boot id': '/proc/sys/kernel/random/boot_id',
  'host name': '/proc/sys/kernel/hostname',
  'kernel command line': '/proc/cmdline',
  'kernel release': '/proc/sys/kernel/osrelease',
  partitions: '/proc/partitions',
  'kernel modules': '/proc/modules',
}

export const host = [
  {
    id: 'host-environment',
    title: 'Read environment variables',
    harm: 'the random value of a variable of the host is printed',
    attacks: ['host-environment.py'],
    prepare: (world) => ({ parameters: {}, judge: printed(world.secrets.variable, 'the variable') }),
  },
  {
    id: 'host-system',
    title: 'Read system information',
    harm: `one of these is printed and equals the host's: ${[...new Set([...Object.keys(FILES), 'kernel version', 'network card'])].join(', ')}`,
    attacks: ['host-system.py'],
    prepare: () => {
      const facts = hostFacts()
      return {
        parameters: { files: FILES },
        judge: ({ stdout }) => {
          const seen = [...stdout.matchAll(/^fact (.*)$/gm)]
            .map(([, json]) => JSON.parse(json))
            .filter(([name, value]) => facts.get(name)?.has(value))
          return seen.length > 0 && [...new Set(seen.map(([name]) => name))].join(', ')
        },
      }
    },
  },
]

function hostFacts() {
  const facts = new Map()
  const add = (name, value) => {
    if (value !== '') facts.set(name, (facts.get(name) ?? new Set()).add(value))
  }
  for (const [name, file] of Object.entries(FILES)) add(name, read(file))
  add('host name', os.hostname())
  add('kernel release', os.release())
  add('kernel version', os.version())
  for (const card of list('/sys/class/net')) {
    const address = read(`/sys/class/net/${card}/address`)
    if (address !== '00:00:00:00:00:00') add('network card', address)
  }
  return facts
}

function read(file) {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch {
    return ''
  }
}

function list(directory) {
  try {
    return readdirSync(directory)
  } catch {
    return []
  }
}
