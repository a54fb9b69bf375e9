// After the bundler: runs the command once on a small skill, and leaves the code that V8 compiled for it, with every
// function that a run calls, beside the bundle.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const { compile, start, file, compiled, ID_BYTES } = createRequire(import.meta.url)('../bin/skilllite.js')

const SKILL = `---
name: sample
description: Is run once when the command is built.
entry_point: scripts/main.py
input_schema:
  type: object
  properties:
    count:
      type: number
  required: [count]
  additionalProperties: false
---
`

/** Marks the code, so that what is compiled from it is never taken for that of other code. */
function mark() {
  const code = readFileSync(file, 'utf8')
  const id = `/*${createHash('sha256').update(code).digest('hex')}`.slice(0, ID_BYTES - 2)
  writeFileSync(file, `${id}*/${code}`)
  return `${id}*/`
}

function record(id) {
  const script = compile()
  process.on('exit', () =>
    writeFileSync(compiled, Buffer.concat([Buffer.from(id), script.createCachedData()])),
  )
  start(script)
}

function build() {
  rmSync(compiled, { force: true })
  const id = mark()
  const directory = mkdtempSync(path.join(tmpdir(), 'skilllite-compile-'))
  try {
    const skill = path.join(directory, 'sample')
    mkdirSync(path.join(skill, 'scripts'), { recursive: true })
    writeFileSync(path.join(skill, 'SKILL.md'), SKILL)
    writeFileSync(path.join(skill, 'scripts/main.py'), 'print(input())\n')
    // How it ends does not matter: without Python or a sandbox there is only less to compile ahead.
    const args = [fileURLToPath(import.meta.url), 'run', skill, 'count=1']
    spawnSync(process.execPath, args, {
      env: { ...process.env, SKILLLITE_COMPILE: id, SKILLLITE_CACHE_DIR: directory },
      stdio: 'ignore',
    })
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

const id = process.env.SKILLLITE_COMPILE
if (id === undefined) build()
else record(id)
