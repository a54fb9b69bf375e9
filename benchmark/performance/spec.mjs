// The spec that the engine writes for a skill: caught where `skillbox` would read it, so that what is measured is
// what users get.
import { spawnSync } from 'node:child_process'
import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { repository } from '../security/peers.mjs'

export const skillbox = path.join(repository, 'packages/core/bin/skillbox')

/** @returns the spec, or throws what the command said. */
export function catchSpec(world, command, backend) {
  const spec = path.join(world.root, 'caught.json')
  const catcher = path.join(world.root, 'catcher')
  writeFileSync(catcher, `#!/bin/sh\ncat <&3 >${spec}\n`)
  chmodSync(catcher, 0o755)
  writeFileSync(spec, '')
  const { argv, env } = command(world)
  const options = { env: { ...env, SKILLLITE_SKILLBOX: catcher }, encoding: 'utf8' }
  const { stderr } = spawnSync(argv[0], argv.slice(1), options)
  const text = readFileSync(spec, 'utf8')
  if (text === '') throw new Error(stderr.trim() || 'no spec was written')
  // the directory for artifacts is gone with the command
  const { output, ...rest } = JSON.parse(text)
  return { ...rest, backend, output: { ...output, collectInto: world.root } }
}

/** A command line that runs a spec; `name` tells its file from others. */
export function skillboxCommand(world, name, spec) {
  const file = path.join(world.root, `${name}.json`)
  writeFileSync(file, JSON.stringify(spec))
  return [skillbox, 'exec', '--spec', file, '--report', path.join(world.root, `${name}-report.json`)]
}
