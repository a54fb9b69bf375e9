import { execFileSync } from 'node:child_process'
import { existsSync, linkSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Attempt, Effect, Section } from '../attempt.js'
import type { World } from '../world.js'

type Rest = Partial<Omit<Attempt, 'name' | 'section' | 'script' | 'effect'>>

/** Attempts of one section; scripts lie in the folder of its name. */
export const attempts =
  (section: Section) =>
  (script: string, name: string, effect: Effect, rest: Rest = {}): Attempt => ({
    name,
    section,
    script: `${section}/${script}`,
    effect,
    ...rest,
  })

export const ROOT = { words: 'root', user: 'root' } as const

export const plantLink =
  (to: (world: World) => string): ((world: World) => void) =>
  (world) =>
    symlinkSync(to(world), path.join(world.skill, 'link'))

export const plantHardLink =
  (to: (world: World) => string): ((world: World) => void) =>
  (world) =>
    linkSync(to(world), path.join(world.skill, 'link'))

export const secretFile = ({ host }: World): string => path.join(host, 'secret.txt')
export const canaryFile = ({ host }: World): string => path.join(host, 'canary.txt')
export const hostDirectory = ({ host }: World): string => path.join(host, 'directory')

export function plantOtherSkill({ skill, secret }: World): void {
  const other = path.join(skill, '../other')
  mkdirSync(other)
  writeFileSync(path.join(other, 'SKILL.md'), '---\nname: other\ndescription: Another.\n---\n')
  writeFileSync(path.join(other, 'notes.txt'), secret)
}

/** The number of the device that the host's files lie on. */
export const deviceNumber = ({ host }: World): number => statSync(host).dev

/** The beginning of the host's disk, as far as this user can read it. */
export function diskStart(): string | undefined {
  try {
    const device = execFileSync('findmnt', ['-no', 'SOURCE', '-T', '/tmp'], { encoding: 'utf8' }).trim()
    const start = execFileSync('head', ['-c', '4096', device], { stdio: ['ignore', 'pipe', 'ignore'] })
    return start.subarray(1024).toString('hex').slice(0, 200)
  } catch {
    return undefined
  }
}

export const makeNode = (file: string, ...kind: readonly string[]): void => {
  execFileSync('mknod', ['-m', '666', file, ...kind])
}

export const hostText = (file: string): string => (existsSync(file) ? readFileSync(file, 'utf8') : '')
