import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { inferScript } from '../../src/schema/infer-script.js'
import { readCases } from './infer-cases.js'

interface RealArgument {
  readonly type: string
  readonly required: boolean
  readonly enum: readonly unknown[] | null
  readonly default: unknown
}

const root = realpathSync(mkdtempSync(path.join(tmpdir(), 'differential-')))
afterAll(() => rmSync(root, { recursive: true }))

const oracle = fileURLToPath(new URL('./argparse-oracle.py', import.meta.url))

/** What the real parsers of these scripts take; nothing for a script that never asks its parser. */
function askParsers(paths: readonly string[]): (Record<string, RealArgument> | null)[] {
  const input = paths.map((file) => `${JSON.stringify({ path: file })}\n`).join('')
  const output = execFileSync('python3', [oracle], {
    input,
    env: { ...process.env, KEY: 'given' },
    encoding: 'utf8',
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  return output
    .split('\n')
    .filter((line) => line.startsWith('{') || line === 'null')
    .map((line) => JSON.parse(line) as Record<string, RealArgument> | null)
}

const standardLibrary = execFileSync('python3', ['-c', 'import json; print(json.__file__)'], {
  encoding: 'utf8',
})
  .trim()
  .replace(/\/json\/__init__\.py$/, '')

/** Command lines that every Python has. */
const modules = [
  'json/tool.py',
  'zipfile.py',
  'zipfile/__init__.py',
  'tarfile.py',
  'ast.py',
  'dis.py',
  'gzip.py',
  'calendar.py',
].concat([
  'compileall.py',
  'py_compile.py',
  'tokenize.py',
  'trace.py',
  'inspect.py',
  'random.py',
  'pickletools.py',
  'http/server.py',
  'unittest/main.py',
])

async function infer(file: string) {
  const directory = path.dirname(file)
  const skill = { name: 'skill', directory, file: path.join(directory, 'SKILL.md'), body: '' }
  const { kind, inputSchema } = await inferScript(skill, { path: path.basename(file), language: 'python' })
  return {
    kind,
    properties: inputSchema.properties as Record<string, Record<string, unknown>>,
    required: (inputSchema.required as string[] | undefined) ?? [],
  }
}

const typeText = ({ type, items }: Record<string, unknown>): string =>
  type === 'array' ? `array of ${String((items as { type?: string } | undefined)?.type)}` : String(type)

describe('scripts of the standard library', () => {
  const scripts: {
    readonly name: string
    readonly file: string
    readonly real: Record<string, RealArgument>
  }[] = []
  beforeAll(() => {
    // Copied to where they are not found as the library's own modules.
    const copies = modules.flatMap((name) => {
      try {
        const file = path.join(root, 'library', `x_${name.replace(/\W/g, '_').replace(/_py$/, '.py')}`)
        const code = readFileSync(path.join(standardLibrary, name), 'utf8')
        if (!code.includes('ArgumentParser(')) return []
        mkdirSync(path.dirname(file), { recursive: true })
        writeFileSync(file, code)
        return [{ name, file }]
      } catch {
        return []
      }
    })
    const found = askParsers(copies.map(({ file }) => file))
    for (const [index, copy] of copies.entries()) {
      const real = found[index]
      if (real !== null && real !== undefined) scripts.push({ ...copy, real })
    }
  })

  test('take what is read from their code: names, what is required, types', async () => {
    expect(scripts.length).toBeGreaterThan(6)
    for (const { name, file, real } of scripts) {
      const { kind, properties, required } = await infer(file)
      const seen = Object.entries(properties).map(([key, property]) => [
        key,
        required.includes(key),
        typeText(property),
      ])
      const wanted = Object.entries(real).map(([key, argument]) => [key, argument.required, argument.type])
      expect({ name, kind, seen: seen.sort() }).toEqual({ name, kind: 'argparse', seen: wanted.sort() })
    }
  })

  test('have the choices and defaults that are read from their code', async () => {
    for (const { name, file, real } of scripts) {
      const { properties } = await infer(file)
      for (const [key, property] of Object.entries(properties)) {
        const wanted = real[key]
        // What the code computes (sorted names of an enum, an open file) is left out, never guessed.
        if (property.enum !== undefined)
          expect({ name, key, enum: property.enum }).toEqual({ name, key, enum: wanted?.enum })
        if (property.default !== undefined && wanted?.default !== null) {
          expect({ name, key, default: property.default }).toEqual({ name, key, default: wanted?.default })
        }
      }
    }
  })
})

test('the scripts of the corpus take what is expected of them', async () => {
  // Those whose real parser says something else, or nothing, for a reason of its own.
  const apart =
    /optparse|called from elsewhere|enums|first parser|custom types|count and constants|made up|other kinds|of its own/
  const cases = readCases('python-argparse.txt').filter(({ title }) => !apart.test(title))
  const files = cases.map(({ code }, index) => {
    const file = path.join(root, `case${index}`, 'main.py')
    mkdirSync(path.dirname(file), { recursive: true })
    writeFileSync(file, code)
    return file
  })
  const found = askParsers(files)
  expect(found).toHaveLength(files.length)
  for (const [index, file] of files.entries()) {
    const title = cases[index]?.title
    const { properties, required } = await infer(file)
    const real = found[index] ?? {}
    const conditional = title === 'conditions and fallbacks' ? ['priority', 'size'] : []
    const names = Object.keys(properties).filter((name) => !conditional.includes(name))
    const wanted = Object.keys(real).filter(
      (name) => !conditional.includes(name) && !(title?.startsWith('nested') && name === 'subcommand'),
    )
    expect({ title, names: names.filter((name) => name !== 'subcommand').sort() }).toEqual({
      title,
      names: wanted.sort(),
    })
    for (const name of wanted) {
      expect({ title, name, required: required.includes(name) }).toEqual({
        title,
        name,
        required: real[name]?.required,
      })
    }
  }
})
