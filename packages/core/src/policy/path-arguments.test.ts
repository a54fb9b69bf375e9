import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { SkillManager } from '../manager.js'
import { pathArguments } from './path-arguments.js'

const root = mkdtempSync(path.join(tmpdir(), 'path-arguments-'))
afterAll(() => rmSync(root, { recursive: true }))

const text = { type: 'string' }
test.each<[string, object, boolean]>([
  ['source', { type: 'string', format: 'path' }, true],
  ['sources', { type: 'array', items: { type: 'string', format: 'file-path' } }, true],
  ['file', text, true],
  ['inputFile', text, true],
  ['csv-path', text, true],
  ['files', { type: 'array', items: text }, true],
  ['source', { type: 'string', description: 'Path of the table.' }, true],
  ['source', { type: 'string', description: 'The file name to read' }, true],
  ['profile', text, false],
  ['title', { type: 'string', description: 'Title of the file' }, false],
  ['filesystem', text, false],
  ['max_files', { type: 'integer' }, false],
  ['url', { type: 'string', format: 'uri' }, false],
])('%s with %j is a path: %s', (name, property, is) => {
  const schema = { type: 'object', properties: { [name]: property } }
  expect([...pathArguments(schema, { kind: 'stdin-json' })]).toEqual(is ? [name] : [])
})

const argparse = `import argparse, pathlib
parser = argparse.ArgumentParser()
parser.add_argument('one', type=argparse.FileType('r'))
parser.add_argument('--two', type=pathlib.Path, nargs='*')
parser.add_argument('--other')
commands = parser.add_subparsers(dest='command')
commands.add_parser('go').add_argument('three', type=open)
parser.parse_args()
`
const click = `import click
@click.command()
@click.argument('one', type=click.Path(exists=True))
@click.option('--two', type=click.File('r'), multiple=True)
@click.option('--other')
@click.option('--three', type=click.Path())
def main(one, two, other, three): pass
main()
`
const typer = `import typer
from pathlib import Path
def main(one: Path, two: Path = None, other: str = 'x', three: Path = typer.Option(None)): pass
typer.run(main)
`
test.each([
  ['argparse', argparse],
  ['click', click],
  ['typer', typer],
])('a script says with %s which arguments are paths', async (name, code) => {
  mkdirSync(path.join(root, name))
  writeFileSync(path.join(root, name, 'SKILL.md'), `---\nname: ${name}\ndescription: Test.\n---\n`)
  writeFileSync(path.join(root, name, 'main.py'), code)
  const { inputSchema, argvPlan } = (await SkillManager.load({ skillsDir: root })).tool(name)
  expect(Object.keys(inputSchema.properties ?? {})).toContain('other')
  expect([...pathArguments(inputSchema, argvPlan)].sort()).toEqual(['one', 'three', 'two'])
})
