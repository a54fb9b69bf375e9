import { makeOptionParser, makeParser, optionGroup, type ParserRegistry } from './argparse/make-parser.js'
import { type ArgvContext, argvValue } from './argv/argv-value.js'
import { flagOf, flagValue, wordInLoop } from './argv/word-value.js'
import type { Interpreter } from './interpreter.js'
import { iterate } from './iterate.js'
import { callLibrary, libraryConstant } from './standard-library.js'
import { type JsonContext, jsonObject } from './stdin/json-members.js'
import {
  type CallArguments,
  isObject,
  type PyNative,
  type PyValue,
  sequence,
  typed,
  UNKNOWN,
} from './values.js'

const parserClasses = new Set([
  ...['argparse.ArgumentParser', 'configargparse.ArgParser', 'configargparse.ArgumentParser'],
  ...['rich_argparse.ArgumentParser', 'argcomplete.ArgumentParser'],
])

/** Calls that hand on what they are given, as far as its name and meaning go. */
const transparent =
  /^(?:pathlib\.(?:Pure)?(?:Posix|Windows)?Path|os\.path\.(?:abspath|expanduser|expandvars|realpath|normpath|join)|os\.fspath|shlex\.split|urllib\.parse\.(?:quote|unquote)|decimal\.Decimal)$/
const opens =
  /^(?:builtins\.open|(?:io|codecs|os|gzip)\.open|os\.path\.\w+|os\.(?:listdir|walk|makedirs|stat|remove)|shutil\.\w+)$/

/** What the styles collect while a script is followed. */
export interface Collected {
  readonly parsers: ParserRegistry
  readonly argv: ArgvContext
  readonly json: JsonContext
  readonly stdin: { text: { readonly file: string; readonly line: number } | undefined }
  /** Calls of fire, docopt and others, by their path. */
  readonly calls: { readonly path: string; readonly args: CallArguments }[]
}

const noted = /^(?:fire\.Fire|docopt\.docopt|typer\.run|typer\.Typer\(\)|function\.add_command)$/

/** What things outside the skill are and do, as far as the styles know. */
export function scriptExternals(
  collected: Collected,
  run: () => Interpreter,
): Pick<Interpreter, 'callExternal' | 'readExternal'> {
  const { argv, json, stdin } = collected
  const stdinText = (): PyNative => {
    stdin.text ??= argv.place()
    return stdinValue(() => jsonObject(json))
  }
  return {
    readExternal: (path) => {
      if (path === 'sys.argv') return argvValue(argv, 0)
      if (path === 'sys.stdin' || path === 'sys.stdin.buffer')
        return stdinFile(stdinText, () => jsonObject(json))
      return libraryConstant(path)
    },
    callExternal: (path, args) => {
      if (parserClasses.has(path.replace(/^.*\.(?=\w+\.\w+$)/, '')))
        return makeParser(args, collected.parsers)
      if (path === 'optparse.OptionParser') return makeOptionParser(args, collected.parsers)
      if (path === 'optparse.OptionGroup') return optionGroup(args.positional[0])
      if (noted.test(path)) {
        collected.calls.push({ path, args })
        return UNKNOWN
      }
      const [first] = args.positional
      if (path === 'getopt.getopt' || path === 'getopt.gnu_getopt') return getopt(argv, args)
      if (isObject(first, 'native')) {
        if (path === 'json.load' || path === 'json.loads') return first.call?.('__json__', args)
        if (transparent.test(path)) return first.call?.('__self__', args)
        if (opens.test(path)) first.call?.('__path__', args)
      }
      if (path === 'builtins.open' && (first === 0 || first === '/dev/stdin')) {
        return stdinFile(stdinText, () => jsonObject(json))
      }
      if (path === 'fileinput.input') stdinText()
      return callLibrary(path, args, run())
    },
  }
}

/** `sys.stdin` */
function stdinFile(text: () => PyNative, json: () => PyValue): PyNative {
  const self: PyNative = {
    kind: 'native',
    subject: 'stdin',
    call: (method) => {
      if (method === '__json__') return json()
      if (method === 'read') return text()
      if (method === 'readline' || method === 'readlines') text()
      if (method === '__self__' || method === '__enter__') return self
      if (method === 'isatty') return typed('boolean')
      return typed('string')
    },
    iterate: () => {
      text()
      return [typed('string')]
    },
  }
  return self
}

/** What was read from stdin; it may turn out to be JSON. */
function stdinValue(json: () => PyValue): PyNative {
  const self: PyNative = {
    kind: 'native',
    subject: 'stdin text',
    call: (method) => {
      if (method === '__json__') return json()
      return ['strip', 'rstrip', 'lstrip', 'decode', '__self__'].includes(method) ? self : typed('string')
    },
    slice: () => self,
    join: () => self,
    convert: () => self,
  }
  return self
}

/** `opts, args = getopt.getopt(sys.argv[1:], 'ho:', ['output='])` */
function getopt(context: ArgvContext, { positional, keywords }: CallArguments): PyValue {
  const { reading } = context
  reading.used = true
  const [, short, long] = positional
  const longs = iterate(long ?? keywords.get('longopts') ?? null) ?? []
  for (const name of longs) {
    const flag = typeof name === 'string' ? flagOf(context, [`--${name}`]) : undefined
    if (flag !== undefined) Object.assign(flag, { takesValue: String(name).endsWith('='), separate: true })
  }
  const letters = typeof short === 'string' ? [...short.replace(/^[+-]/, '').matchAll(/(\w)(:?)/g)] : []
  const unclaimed = new Map(letters.map(([, letter = '', colon]) => [`-${letter}`, colon === ':']))
  reading.getopt = { letters: unclaimed }
  const option: PyNative = wordInLoop(context, { offset: 1 }) as PyNative
  const words = argvValue(context, 1)
  const rest: PyNative = {
    ...words,
    iterate: (count) => {
      // What is left after the flags is a list of its own.
      if (count === undefined) {
        reading.rest ??= { from: 1, names: [], joined: false, type: 'string', ...context.place() }
      }
      return words.iterate?.(count) ?? []
    },
  }
  const options: PyNative = {
    kind: 'native',
    subject: 'options',
    iterate: () => [optionPair(context, option)],
  }
  return sequence('tuple', [options, rest])
}

/** The value of a pair belongs to the flag that its option turns out to be. */
function optionPair(context: ArgvContext, option: PyNative): PyValue {
  const value: PyNative = {
    kind: 'native',
    subject: 'value',
    convert: (type) => {
      const current = flagValue(context)
      return isObject(current, 'native') ? (current.convert?.(type) ?? current) : current
    },
    named: (name, annotation) => {
      const current = flagValue(context)
      if (isObject(current, 'native')) current.named?.(name, annotation)
    },
    join: (other) => {
      const current = flagValue(context)
      return isObject(current, 'native') ? (current.join?.(other) ?? current) : current
    },
    call: (method, args) => {
      const current = flagValue(context)
      return isObject(current, 'native') ? (current.call?.(method, args) ?? current) : current
    },
  }
  return {
    kind: 'native',
    subject: option,
    iterate: () => [option, value],
    item: (index) => (index === 0 ? option : value),
  }
}
