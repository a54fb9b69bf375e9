import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { type ProcessPlan, relayProcess } from './relay-process.js'

const plan = (script: string, changes: Partial<ProcessPlan> = {}): ProcessPlan => ({
  program: '/bin/sh',
  args: ['-c', script],
  cwd: '/',
  env: {},
  ends: 'group',
  input: { 0: '' },
  output: { 1: () => {}, 2: () => {} },
  timeoutMs: 20_000,
  onStop: () => {},
  startFailure: (error) => new Error(`not started: ${error.message}`),
  ...changes,
})

describe('relayProcess()', () => {
  test('ends with the process, also where a child that got away holds its pipes', async () => {
    let said = ''
    const hear = (chunk: Buffer): void => {
      said += chunk
    }
    const script = 'setsid sleep 20 & echo $!; exit 3'
    const { ended } = relayProcess(
      plan(script, { ends: 'process', env: { PATH: '/usr/bin:/bin' }, output: { 1: hear, 2: hear } }),
    )
    expect(await ended).toEqual({ code: 3, signal: null })
    // It was alive all the time: what ended the run was not its end.
    const child = Number(said.trim())
    expect(process.kill(child, 0)).toBe(true)
    process.kill(child, 'SIGKILL')
  })

  test('kills one that ignores being asked to end', async () => {
    const { ended, stop } = relayProcess(
      plan('trap "" TERM; echo ready; while :; do sleep 1; done', {
        ends: 'process',
        env: { PATH: '/usr/bin:/bin' },
        output: { 1: () => stop(), 2: () => {} },
      }),
    )
    expect(await ended).toEqual({ code: null, signal: 'SIGKILL' })
  })

  test('rejects with what a listener throws, and ends the process', async () => {
    const fail = (): void => {
      throw new Error('not interested')
    }
    const { ended } = relayProcess(
      plan('echo x; exec sleep 20', { env: { PATH: '/usr/bin:/bin' }, output: { 1: fail, 2: fail } }),
    )
    await expect(ended).rejects.toThrow('not interested')
  })

  test('tells who ended it', async () => {
    const why: string[] = []
    const onStop = (reason: string): void => void why.push(reason)
    const stop = new AbortController()
    const cancelled = relayProcess(plan('sleep 20', { env: { PATH: '/bin' }, onStop, signal: stop.signal }))
    stop.abort()
    await cancelled.ended
    await relayProcess(plan('sleep 20', { env: { PATH: '/bin' }, onStop, signal: AbortSignal.abort() })).ended
    await relayProcess(plan('sleep 20', { env: { PATH: '/bin' }, onStop, timeoutMs: 50 })).ended
    expect(why).toEqual(['cancelled', 'cancelled', 'overdue'])
  })

  test.each<[string, Partial<ProcessPlan>]>([
    ['a program that is not there', { program: '/nowhere' }],
    ['a working directory that is not there', { cwd: '/nowhere' }],
    ['arguments that are too long', { args: ['-c', `: ${'x'.repeat(4_000_000)}`] }],
  ])('rejects for %s', async (_case, changes) => {
    await expect(relayProcess(plan('true', changes)).ended).rejects.toThrow('not started: ')
  })

  test.skipIf(process.platform !== 'linux')(
    'rejects, and lets the host live, where no descriptor is free',
    async () => {
      const { pid } = process
      const open = (): number => readdirSync('/proc/self/fd').length
      const [, soft = ''] = /^Max open files +(\S+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? []
      // Whoever gives the limit back must be there before it is taken: nothing can be started meanwhile.
      const helper = spawn('/bin/sh', [
        '-c',
        `prlimit --pid ${pid} --nofile=${open() + 2}: && echo low; read -r go; prlimit --pid ${pid} --nofile=${soft}:; echo back`,
      ])
      const told = async (): Promise<string> => String((await once(helper.stdout, 'data'))[0]).trim()
      expect(await told()).toBe('low')
      const run = await relayProcess(plan('true')).ended.catch((error: Error) => error.message)
      helper.stdin.write('\n')
      expect(await told()).toBe('back')
      expect(run).toMatch(/^not started: .*EMFILE/)
    },
  )
})
