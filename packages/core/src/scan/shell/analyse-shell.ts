import type { FactList } from '../fact.js'
import { decodeBase64, decodeHex, inflate } from '../text/decode.js'
import { isSecretName, secretKind } from '../text/secret-path.js'
import { hostKind } from '../text/url.js'
import { decodedUnit, type Unit } from '../unit.js'
import { checkCommand } from './check-command.js'
import { readShell, unescapeAnsi } from './read-shell.js'
import { type KnownFiles, noFiles, noValue, type ShellValue, type State, unite } from './shell-value.js'
import type { Command, Pipeline, Script, Word } from './syntax.js'

/** Follows what a shell text would do, without doing it, and notes what is remarkable. */
export function analyseShell(
  unit: Unit,
  facts: FactList,
  scan: (unit: Unit) => void,
  files: KnownFiles = noFiles(),
): void {
  if (facts.isSpent('commands')) return
  const text = unit.text
  if (/:\s{0,5}\(\)\s{0,5}\{\s{0,5}:\s{0,5}\|\s{0,5}:\s{0,5}&?\s{0,5}\}\s{0,5};\s{0,5}:/.test(text)) {
    facts.add({ name: 'fork-bomb', unit, offset: Math.max(0, text.indexOf(':')) })
  }
  const analysis = new ShellAnalysis({
    ...files,
    unit,
    facts,
    scan,
    variables: new Map(),
    functions: functionsOf(text),
  })
  const script = readShell(text)
  if (script.cut) facts.add({ name: 'too-much', unit, offset: 0, what: 'commands' })
  analysis.run(script)
}

const interpreters =
  /^(ba|z|da|k|fi|a|)sh$|^python[\d.]*$|^(node|nodejs|bun|deno|perl|ruby|php|osascript|pwsh|powershell|tclsh|lua)(\.exe)?$/
const shells = /^(ba|z|da|k|a|)sh$/
const wrappers = new Set([
  'sudo',
  'doas',
  'nohup',
  'exec',
  'command',
  'env',
  'time',
  'nice',
  'builtin',
  'setsid',
  'stdbuf',
  'timeout',
  'xargs',
  'busybox',
  'caffeinate',
  'then',
  'RUN',
  'run',
  'Run',
  '$',
  '>',
  '%',
  '#',
  '-',
])

class ShellAnalysis {
  constructor(private readonly state: State) {}

  run(script: Script, depth = 0): ShellValue {
    let all = noValue
    for (const pipeline of script.pipelines) all = unite(all, this.pipeline(pipeline, depth))
    return all
  }

  private pipeline(pipeline: Pipeline, depth: number): ShellValue {
    let value = noValue
    for (const command of pipeline.commands) {
      if (!this.state.facts.spend('commands', this.state.unit, command.offset)) return value
      value = this.command(command, value, pipeline.background, depth)
    }
    return value
  }

  private command(command: Command, stdin: ShellValue, background: boolean, depth: number): ShellValue {
    const values = command.words.map((word) => this.word(word, depth))
    let input = stdin
    for (const { operator, target } of command.redirects) {
      const value = this.word(target, depth)
      if (operator === '<<<' || operator === '<<') input = unite(input, value)
      if (operator === '<') input = unite(input, this.fileValue(value.text))
    }
    let words = values.map((value) => value.text)
    while (/^[A-Za-z_]\w{0,60}\+?=/.test(words[0] ?? '')) {
      const assignment = words[0] ?? ''
      const equals = assignment.indexOf('=')
      const value = values[values.length - words.length] ?? noValue
      this.state.variables.set(assignment.slice(0, equals).replace('+', ''), {
        ...value,
        text: assignment.slice(equals + 1),
      })
      words = words.slice(1)
    }
    // a command that is one expanded word: `$a$b${IFS}-s`
    if (
      words.length > 0 &&
      /\s/.test(words[0] ?? '') &&
      command.words[0]?.segments.some((s) => s.kind === 'variable')
    ) {
      const split = (words[0] ?? '').split(/\s+/)
      words = [...split, ...words.slice(1)]
    }
    const privileged = words.includes('sudo') || words.includes('doas')
    const password = words[0] === 'sudo' && words.slice(1, 4).some((word) => /^-[a-zA-Z]*S/.test(word))
    let environment = false
    while (words.length > 1 && wrappers.has(baseName(words[0]))) {
      const wrapper = baseName(words[0])
      let drop = 1
      while (
        drop < words.length &&
        (/^-/.test(words[drop] ?? '') ||
          /^\w+=/.test(words[drop] ?? '') ||
          (wrapper === 'timeout' && /^\d/.test(words[drop] ?? '')))
      )
        drop++
      if (wrapper === 'env' && drop === words.length) environment = true
      words = words.slice(drop)
    }
    const name = baseName(words[0])
    const args = words.slice(1)
    if (name === 'git') this.clone(args)
    if (/^(zip|tar|7z)$/.test(name) && args.some((arg) => /^(\.|\.\/|~|~\/|\*|\/)$|^~\//.test(arg))) {
      const made = args.find((arg) => /\.(zip|tgz|tar|tar\.[a-z]{2,3}|7z)$/.test(arg))
      if (made !== undefined) this.state.archives.add(made)
    }
    const used = values.reduce((all, value) => unite(all, { ...value, text: '' }), noValue)
    const context = {
      ...this.state,
      name,
      args,
      words,
      command,
      offset: command.offset,
      input,
      used,
      background,
      privileged,
      password,
    }
    const redirected = command.redirects.map(({ operator, target }) => ({
      operator,
      path: this.word(target, depth).text,
    }))
    checkCommand(context, redirected)
    this.runNested(name, args, values, input, command, depth)
    const body = depth < 6 ? this.state.functions.get(name) : undefined
    if (body !== undefined) return unite(input, this.run(readShell(body), depth + 1))
    const output = environment
      ? { ...noValue, environment: true }
      : this.output(name, args, input, used, command)
    for (const { operator, path } of redirected) {
      if (!/^>/.test(operator) || path === '') continue
      const secret = output.environment ? 'the environment' : output.secrets[0]
      if (output.urls.length > 0) this.state.downloads.set(path, output.urls[0] ?? '')
      if (secret !== undefined) this.state.secretFiles.set(path, secret)
    }
    return output
  }

  /** What an interpreter gets on stdin or as an argument is code. */
  private runNested(
    name: string,
    args: readonly string[],
    values: readonly ShellValue[],
    input: ShellValue,
    command: Command,
    depth: number,
  ): void {
    const { facts, unit, scan } = this.state
    const offset = command.offset
    const note = (value: ShellValue, how: string): void => {
      for (const url of value.urls.slice(0, 5)) this.downloadRun(url, offset)
      const code = value.text.trim()
      if (value.decoded.length > 0 && code !== '') {
        facts.add({ name: 'run-decoded', unit, offset, what: value.decoded.join(', ') })
        const inner = decodedUnit(unit, offset, value.decoded.join(', '), code, kindFor(name))
        if (inner !== undefined) scan(inner)
      } else if (code !== '' && how === 'argument' && depth < 6) {
        const inner = decodedUnit(unit, offset, `argument of ${name}`, code, kindFor(name))
        if (inner !== undefined) scan(inner)
      } else if (code !== '' && how === 'input' && kindFor(name) === 'shell') {
        this.run(readShell(code), depth + 1)
      }
    }
    if (name === 'eval' || name === 'source' || name === '.') {
      const all = values.slice(1).reduce((one, other) => unite(one, other), noValue)
      if (name === 'eval' || all.urls.length > 0) note({ ...all, text: args.join(' ') }, 'argument')
      if (name !== 'eval' && this.state.downloads.has(args[0] ?? ''))
        this.downloadRun(this.state.downloads.get(args[0] ?? '') ?? '', offset)
      return
    }
    if (!interpreters.test(name)) {
      const path = this.programPath(command, depth)
      const from = this.state.downloads.get(path)
      if (from !== undefined) this.downloadRun(from, offset)
      this.noteClone(path, offset)
      return
    }
    const flag = args.findIndex(
      (arg) =>
        (/^-[a-z]{0,6}[ce]$/i.test(arg) && !/^-(enc|noprofile)/i.test(arg)) ||
        /^--?(eval|command)$/i.test(arg),
    )
    if (flag !== -1 && args[flag + 1] !== undefined) {
      const at = values.length - args.length + flag + 1
      const value = values[at] ?? noValue
      note({ ...value, text: args[flag + 1] ?? '' }, 'argument')
      return
    }
    const file = args.find((arg) => !arg.startsWith('-'))
    if (file === undefined || file === '-' || file === '/dev/stdin' || args.includes('-s')) {
      const module = /^python/.test(name) && args.some((arg) => /^-[a-zA-Z]*m$/.test(arg))
      if (!module) note(input, 'input')
      return
    }
    const from = this.state.downloads.get(file)
    if (from !== undefined) this.downloadRun(from, offset)
    this.noteClone(file, offset)
    // bash <(curl …): the word holds a script of its own
    const nested = values
      .slice(values.length - args.length)
      .reduce((one, other) => unite(one, other), noValue)
    if (/^python/.test(name) && args.some((arg) => /^-[a-zA-Z]*m$/.test(arg))) return
    for (const url of nested.urls.slice(0, 5)) this.downloadRun(url, offset)
  }

  /** What is run out of a clone came from its address. */
  private clone(args: readonly string[]): void {
    if (!args.includes('clone')) return
    const at = args.findIndex((arg) => /^(https?|git|ssh):\/\/|^git@/.test(arg))
    const url = args[at]
    if (url === undefined) return
    const directory = args[at + 1] ?? (url.split('/').pop() ?? '').replace(/\.git$/, '')
    if (directory !== '' && !directory.startsWith('-'))
      this.state.clones.set(directory.replace(/\/$/, ''), url)
  }

  private noteClone(file: string, offset: number): void {
    for (const [directory, url] of this.state.clones) {
      if (!file.startsWith(`${directory}/`)) continue
      const agent = /\.(claude|codex|cursor|openclaw|gemini|agents)\//.test(directory)
      this.state.facts.add({
        name: 'clone-run',
        unit: this.state.unit,
        offset,
        what: url.slice(0, 120),
        host: hostKind(url),
        ...(agent && { tags: ['agent'] }),
      })
    }
  }

  private programPath(command: Command, depth: number): string {
    for (const word of command.words) {
      const text = this.word(word, depth).text
      if (!wrappers.has(baseName(text)) && !/^(-|\w+=)/.test(text)) return text
    }
    return ''
  }

  private downloadRun(url: string, offset: number): void {
    const { facts, unit } = this.state
    facts.add({
      name: 'download-run',
      unit,
      offset,
      what: url.slice(0, 120),
      host: url === '' ? 'other' : hostKind(url),
    })
  }

  /** What a command prints, as far as that can be told. */
  private output(
    name: string,
    args: readonly string[],
    input: ShellValue,
    used: ShellValue,
    command: Command,
  ): ShellValue {
    switch (name) {
      case 'echo':
      case 'printf': {
        const plain = args.filter((arg) => !/^-[neE]+$/.test(arg))
        const raw = name === 'printf' ? formatted(plain) : plain.join(' ')
        const escaped = name === 'printf' || args.includes('-e') ? unescapeAnsi(raw) : raw
        const hidden = /\\x[0-9a-f]{2}|\\[0-7]{3}/i.test(raw) && raw.length > 8
        return { ...used, text: escaped, decoded: hidden ? ['escapes'] : used.decoded }
      }
      case 'base64':
      case 'openssl':
        if (args.some((arg) => /^(-[a-z]*d[a-z]*|-D|--decode)$/i.test(arg))) {
          const inline = args.find((arg) => /^[A-Za-z0-9+/=]{16,}$/.test(arg))
          return decodedValue(input, decodeBase64(inline ?? input.text), 'base64')
        }
        return { ...input, text: '' }
      case 'base32':
        return args.some((arg) => /^(-d|-D|--decode)$/.test(arg)) ? decodedValue(input, '', 'base32') : input
      case 'xxd':
        return args.some((arg) => /^-[a-z]*r/.test(arg))
          ? decodedValue(input, decodeHex(input.text), 'hexadecimal')
          : input
      case 'rev':
        return decodedValue(input, [...input.text].reverse().join(''), 'reversed')
      case 'tr':
        return decodedValue(input, translated(input.text, args), 'tr')
      case 'gunzip':
      case 'zcat':
      case 'gzip':
        return args.includes('-d') || name !== 'gzip'
          ? decodedValue(input, inflate(Buffer.from(input.text, 'latin1')) ?? '', 'gzip')
          : { ...input, text: '' }
      case 'curl':
      case 'wget':
      case 'fetch':
      case 'lwp-request':
      case 'http':
      case 'aria2c':
      case 'iwr':
      case 'irm':
      case 'invoke-webrequest':
        return this.download(name, args, command)
      case 'cat':
      case 'head':
      case 'tail':
      case 'tar':
      case 'zip':
      case 'grep':
      case 'less':
      case 'dd':
      case 'sed':
      case 'awk':
      case 'jq':
      case 'find':
        return args.reduce((all, arg) => unite(all, this.fileValue(arg)), {
          ...input,
          text: name === 'cat' || name === 'tail' || name === 'head' ? input.text : '',
        })
      case 'env':
      case 'printenv':
      case 'export':
      case 'set':
        return args.length === 0 || args.includes('-p') ? { ...noValue, environment: true } : noValue
      case 'security':
      case 'secret-tool':
      case 'pass':
        return { ...noValue, secrets: ['keychain'] }
      case 'kubectl':
      case 'gh':
      case 'gcloud':
      case 'vault':
      case 'op':
      case 'aws':
        return printsSecret(name, args)
          ? { ...noValue, secrets: [`${name} ${args.slice(0, 3).join(' ')}`] }
          : noValue
      case 'history':
        return { ...noValue, secrets: ['history'] }
      case 'tee':
      case 'sort':
      case 'uniq':
      case 'cut':
      case 'fold':
      case 'tac':
        return input
      default:
        return {
          ...used,
          text: '',
          secrets: unite(input, used).secrets,
          environment: input.environment || used.environment,
        }
    }
  }

  private download(name: string, args: readonly string[], command: Command): ShellValue {
    const urls = args
      .filter(
        (arg) =>
          /^["']?(https?|ftp):\/\//i.test(arg) ||
          /^[\w-]+(\.[\w-]+){1,5}\/\S/.test(arg) ||
          /^\d{1,3}(\.\d{1,3}){3}([:/]|$)/.test(arg),
      )
      .map((arg) => (/^\w+:\/\//.test(arg) ? arg : `http://${arg}`))
    const output = args.findIndex((arg) => /^(-[a-zA-Z]*[oO]|--output(-document)?|-OutFile|-o)$/i.test(arg))
    const joined = args
      .map((arg) => /^(?:--output(?:-document)?=|-o(?=[/~.\w]))(.+)$/.exec(arg)?.[1])
      .find(Boolean)
    const target = joined ?? (output === -1 ? undefined : args[output + 1])
    const toFile = target !== undefined && target !== '-' && !/^(https?|-)/.test(target)
    const saved = toFile
      ? target
      : name === 'wget' || args.some((arg) => /^-[a-zA-Z]*O[a-zA-Z]*$/.test(arg))
        ? (urls[0] ?? '').split(/[?#]/)[0]?.split('/').pop()
        : undefined
    const url = urls[0]
    if (url !== undefined && saved !== undefined && saved !== '' && target !== '-') {
      for (const path of [saved, `./${saved}`]) this.state.downloads.set(path, url)
      this.state.facts.add({
        name: 'download-file',
        unit: this.state.unit,
        offset: command.offset,
        what: url.slice(0, 120),
        host: hostKind(url),
      })
    }
    return toFile ? noValue : { ...noValue, urls: urls.length > 0 ? urls : [] }
  }

  private fileValue(path: string): ShellValue {
    const kind = secretKind(path)
    if (kind !== undefined || /^~\/\.\w/.test(path)) return { ...noValue, secrets: [path] }
    const held = this.state.secretFiles.get(path)
    if (held !== undefined) return { ...noValue, secrets: [held] }
    const url = this.state.downloads.get(path)
    return url === undefined ? noValue : { ...noValue, urls: [url] }
  }

  private word(word: Word, depth: number): ShellValue {
    let value = noValue
    let text = ''
    for (const segment of word.segments) {
      if (segment.kind === 'text') text += segment.text
      else if (segment.kind === 'variable') {
        const held = this.state.variables.get(segment.name)
        if (held !== undefined) value = unite(value, { ...held, text: '' })
        text += held?.text ?? standIn(segment.name)
        if (held === undefined && isSecretName(segment.name))
          value = unite(value, { ...noValue, names: [segment.name] })
      } else if (depth < 8) {
        const inner = this.run(segment.script, depth + 1)
        value = unite(value, { ...inner, text: '' })
        text += inner.text.trim()
      }
    }
    if (text.startsWith('@') && secretKind(text.slice(1)) !== undefined)
      value = unite(value, { ...noValue, secrets: [text.slice(1)] })
    const part = /=@(.{1,300})$/.exec(text)?.[1]
    if (part !== undefined && secretKind(part) !== undefined)
      value = unite(value, { ...noValue, secrets: [part] })
    return { ...value, text: text.slice(0, 200_000) }
  }
}

/** Whether a client prints keys when it is called so. */
function printsSecret(name: string, args: readonly string[]): boolean {
  const text = args.join(' ')
  const telling: Readonly<Record<string, RegExp>> = {
    kubectl: /\bget secrets?\b.{0,80}-o|\bconfig view\b.{0,40}--raw/,
    gh: /^auth token/,
    gcloud: /print-(access|identity)-token/,
    vault: /^(read|kv get)/,
    op: /^(read|item get)/,
    aws: /get-secret-value|export-credentials|get-session-token/,
  }
  return telling[name]?.test(text) === true
}

/** Bodies of functions by their names. */
function functionsOf(text: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  if (!text.includes('()')) return found
  for (const { 1: name = '', 2: body = '' } of text.matchAll(
    /([A-Za-z_][\w-]{0,40})\s{0,3}\(\)\s{0,5}\{([^}]{1,4000})\}/g,
  )) {
    if (found.size < 100) found.set(name, body)
  }
  return found
}

function baseName(word: string | undefined): string {
  const name = (word ?? '').split('/').pop() ?? ''
  return /^[A-Z]/.test(name) && !wrappers.has(name) ? name.toLowerCase() : name
}

function standIn(name: string): string {
  if (name === 'IFS') return ' '
  if (name === 'HOME') return '~'
  return `$${name}`
}

function kindFor(program: string): Unit['kind'] {
  if (/^python/.test(program)) return 'python'
  if (/^(node|nodejs|bun|deno)$/.test(program)) return 'javascript'
  if (/^(pwsh|powershell)/.test(program)) return 'powershell'
  return shells.test(program) || program === 'eval' ? 'shell' : 'data'
}

function decodedValue(input: ShellValue, text: string | undefined, how: string): ShellValue {
  return { ...input, text: text ?? '', decoded: [...input.decoded, how] }
}

function formatted(words: readonly string[]): string {
  const [format = '', ...rest] = words
  let next = 0
  return format.replace(/%[sbd]/g, () => rest[next++] ?? '')
}

function translated(text: string, args: readonly string[]): string {
  const [from = '', to = ''] = args.filter((arg) => !arg.startsWith('-')).map(expandRange)
  if (args.includes('-d')) return [...text].filter((letter) => !from.includes(letter)).join('')
  return text.replace(/./gs, (letter) => {
    const at = from.indexOf(letter)
    return at === -1 ? letter : (to[Math.min(at, to.length - 1)] ?? letter)
  })
}

function expandRange(set: string): string {
  return set.replace(/(\w)-(\w)/g, (_all, a: string, b: string) => {
    const [from, to] = [a.charCodeAt(0), b.charCodeAt(0)]
    return from > to
      ? ''
      : Array.from({ length: to - from + 1 }, (_, i) => String.fromCharCode(from + i)).join('')
  })
}
