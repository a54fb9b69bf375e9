#!/usr/bin/env node
// Starts the command. Compiling it takes longer than all that it does before a skill runs, so the build leaves the
// compiled code beside it; another version of Node compiles it anew.
const { readFileSync } = require('node:fs')
const { createRequire, Module } = require('node:module')
const path = require('node:path')
const { Script } = require('node:vm')

const file = path.join(__dirname, '../dist/cli.cjs')
const compiled = path.join(__dirname, '../dist/cli.compiled')
/** The code begins with a comment, and what was compiled from it with the same bytes. */
const ID_BYTES = 20

/** The command as a script that gives a function with a module's parameters. */
function compile() {
  const code = readFileSync(file, 'utf8')
  const source = `(function (exports, require, module, __filename, __dirname) {${code}\n})`
  return new Script(source, { filename: file, cachedData: compiledFrom(code) })
}

function compiledFrom(code) {
  try {
    const bytes = readFileSync(compiled)
    const fits = bytes.latin1Slice(0, ID_BYTES) === code.slice(0, ID_BYTES)
    return fits ? bytes.subarray(ID_BYTES) : undefined
  } catch {
    return undefined
  }
}

/** Runs it as require() would. */
function start(script) {
  const module = new Module(file)
  module.filename = file
  require.cache[file] = module
  script.runInThisContext()(module.exports, createRequire(file), module, file, path.dirname(file))
}

if (require.main === module) start(compile())
module.exports = { compile, start, file, compiled, ID_BYTES }
