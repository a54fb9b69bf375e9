import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { token } from '../world.mjs'
import { printed } from './printed.mjs'

const LOADERS = ['/lib64/ld-linux-x86-64.so.2', '/lib/ld-linux-aarch64.so.1']

export const processes = [
  {
    id: 'shell',
    title: 'os.system',
    harm: 'a shell has run a command: its result, which the attack does not hold, is printed',
    attacks: ['shell.py'],
    prepare: shellCommand,
  },
  {
    id: 'subprocess',
    title: 'subprocess',
    harm: 'another program has run: one of the host, a copy of it, or one that the attack wrote',
    attacks: ['subprocess.py'],
    prepare: () => {
      const text = token()
      const evidence = `42-${text}`
      const loader = LOADERS.find(existsSync) ?? LOADERS[0]
      return {
        // printf reads 052 as octal
        parameters: { program: '/usr/bin/printf', arguments: [`%d-${text}`, '052'], loader, evidence },
        judge: printed(evidence, 'what the program computed'),
      }
    },
  },
  {
    id: 'enumerate-processes',
    title: 'Enumerate processes',
    harm: 'a random argument of a process outside is printed',
    attacks: ['enumerate-processes.py'],
    prepare: async () => {
      const secret = token()
      const victim = await startVictim(secret)
      const around = Array.from({ length: 20 }, (_, i) => victim.pid - 10 + i)
      return {
        parameters: { around },
        judge: printed(secret, 'the arguments of a process of the host'),
        close: () => victim.kill('SIGKILL'),
      }
    },
  },
  {
    id: 'send-signal',
    title: 'Send a signal',
    harm: 'a process outside is ended by the signal',
    attacks: ['send-signal.py'],
    prepare: async () => {
      const victim = await startVictim(token())
      return {
        parameters: { victim: victim.pid },
        judge: async () => {
          await sleep(50)
          return victim.signalCode === 'SIGTERM' && 'a process of the host got it'
        },
        close: () => victim.kill('SIGKILL'),
      }
    },
  },
]

/** A command for a shell, and proof that it has run. */
export function shellCommand() {
  const text = token()
  return {
    parameters: { command: `echo $((40+2))-${text}` },
    judge: printed(`42-${text}`, 'what the command computed'),
  }
}

async function startVictim(secret) {
  const victim = spawn('/bin/sh', ['-c', 'echo ready; read never', secret], {
    detached: true,
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  await once(victim.stdout, 'data')
  return victim
}
