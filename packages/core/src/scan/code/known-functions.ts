import { isSecretName, secretKind } from '../text/secret-path.js'
import { findUrls } from '../text/url.js'
import { checkCall } from './check-call.js'
import { clipboards, fileReaders, keychains, networkCalls } from './known-calls.js'
import type { CallSite } from './program.js'
import { decodeAs, fromNumbers, inflateValue, joinPath, reverse, textMethod } from './text-methods.js'
import {
  allTaints,
  derived,
  pathValue,
  textValue,
  uniteWords,
  unknown,
  type Value,
  withTaint,
} from './value.js'

/** Whether a dotted name ends as one of a table does. */
export function isOneOf(path: string, table: ReadonlySet<string>): boolean {
  return (
    table.has(path) ||
    table.has(path.replace(/^(node:|global\.|globalThis\.|window\.|self\.|builtins\.|__builtins__\.)/, ''))
  )
}

/** What a call of something known by its dotted name gives; what is remarkable about it is noted. */
export function callKnown(path: string, site: CallSite, disguised: boolean): Value {
  checkCall(path, site, disguised)
  const { args, receiver } = site
  const first = args[0] ?? unknown
  const last = path.split('.').pop() ?? ''
  switch (path) {
    case 'getattr':
    case 'builtins.getattr':
    case 'Reflect.get':
    case 'object.__getattribute__':
      return memberOf(first, args[1] ?? unknown)
    case '__import__':
    case 'builtins.__import__':
    case 'importlib.import_module':
    case 'importlib.__import__':
    case 'require':
    case 'process.mainModule.require':
    case 'createRequire':
    case 'module.createRequire':
    case 'module.require':
    case 'import':
      return first.texts[0] === undefined
        ? derived(first)
        : pathValue(first.texts[0].replace(/^node:/, ''), first.computed)
    case 'process.getBuiltinModule':
      return pathValue((first.texts[0] ?? '').replace(/^node:/, ''), true)
    case 'vars':
    case 'dict':
      return first
    case 'globals':
    case 'locals':
      return pathValue('')
    case 'setattr':
      return unknown
    case 'chr':
    case 'String.fromCharCode':
    case 'String.fromCodePoint':
      return fromNumbers(first.items ?? args)
    case 'String.fromCharCode.apply':
    case 'bytes':
    case 'bytearray':
      return (args[1] ?? first).items === undefined ? first : fromNumbers((args[1] ?? first).items ?? [])
    case 'ord':
      return first.texts[0] === undefined ? unknown : textValue(String(first.texts[0].codePointAt(0) ?? 0))
    case 'reversed':
      return reverse(first)
    case 'map':
      if (first.path === 'chr' && args[1]?.items !== undefined) {
        return { ...unknown, items: args[1].items.map((item) => fromNumbers([item])) }
      }
      return derived(...args)
    case 'str':
    case 'String':
    case 'list':
    case 'tuple':
    case 'iter':
    case 'repr':
    case 'memoryview':
    case 'io.BytesIO':
    case 'io.StringIO':
    case 'Promise.resolve':
    case 'sorted':
      return first
    case 'base64.b64decode':
    case 'base64.urlsafe_b64decode':
    case 'base64.standard_b64decode':
    case 'base64.decodebytes':
    case 'binascii.a2b_base64':
    case 'atob':
    case 'js-base64.Base64.decode':
      return decodeAs(first, 'base64')
    case 'base64.b32decode':
      return decodeAs(first, 'base32')
    case 'base64.b85decode':
    case 'base64.a85decode':
      return decodeAs(first, 'base85')
    case 'bytes.fromhex':
    case 'bytearray.fromhex':
    case 'binascii.unhexlify':
    case 'binascii.a2b_hex':
      return decodeAs(first, 'hex')
    case 'codecs.decode':
    case 'codecs.encode':
      return decodeAs(first, args[1]?.texts[0] ?? '')
    case 'Buffer.from':
    case 'buffer.Buffer.from':
      if (first.items !== undefined) return fromNumbers(first.items)
      return decodeAs(first, args[1]?.texts[0] ?? '')
    case 'urllib.parse.unquote':
    case 'decodeURIComponent':
    case 'unescape':
      return decodeAs(first, 'url')
    case 'zlib.decompress':
    case 'gzip.decompress':
    case 'bz2.decompress':
    case 'lzma.decompress':
    case 'zlib.inflateSync':
    case 'zlib.gunzipSync':
    case 'zlib.unzipSync':
    case 'zlib.inflateRawSync':
    case 'zlib.brotliDecompressSync':
      return inflateValue(first)
    case 'compile':
    case 'builtins.compile':
      return first
    case 'os.path.expanduser':
    case 'os.path.expandvars':
    case 'os.path.abspath':
    case 'os.path.realpath':
    case 'os.path.normpath':
    case 'os.fspath':
      return first
    case 'os.path.dirname':
    case 'path.dirname':
      return { ...first, texts: first.texts.map((text) => text.replace(/\/[^/]*$/, '')) }
    case 'os.path.join':
    case 'path.join':
    case 'path.resolve':
    case 'path.posix.join':
    case 'pathlib.PurePath':
      return joinPath(args)
    case 'pathlib.Path':
    case 'pathlib.PosixPath':
      return { ...joinPath(args), path: 'pathlib.Path' }
    case 'pathlib.Path.home':
      return { ...textValue('~'), path: 'pathlib.Path' }
    case 'socket.socket':
      return withTaint(pathValue(path), { kind: 'socket', what: '' })
    case 'os.homedir':
    case 'os.userInfo':
      return textValue('~')
    case 'os.getenv':
    case 'os.environ.get':
    case 'os.environb.get':
    case 'os.environ.__getitem__':
    case 'os.getenvb':
    case 'Deno.env.get':
      return environmentValue(first.texts[0])
    case 'os.environ.copy':
    case 'os.environ.items':
    case 'Deno.env.toObject':
      return withTaint(unknown, { kind: 'environment', what: path })
    case 'json.dumps':
    case 'JSON.stringify':
    case 'Object.entries':
    case 'Object.values':
    case 'Object.assign':
    case 'encodeURIComponent':
    case 'urllib.parse.quote':
    case 'urllib.parse.urlencode':
      return derived(...args)
    default:
  }
  if (isOneOf(path, fileReaders)) return readValue(site, path)
  if (isOneOf(path, networkCalls)) return downloadValue(path, site)
  if (isOneOf(path, clipboards)) return withTaint(unknown, { kind: 'clipboard', what: path })
  if (isOneOf(path, keychains)) return withTaint(unknown, { kind: 'keychain', what: path })
  if (receiver !== undefined) {
    const own = textMethod(receiver, last, args)
    if (own !== undefined) return receiver.path === undefined ? own : { ...own, path: receiver.path }
  }
  const kept =
    /^[a-z_.\d/@-]*[A-Z]\w*$/.test(path) || /(^|\.)(create\w*|connect|Session|socket|Client|open)$/.test(path)
  const result = derived(...args, ...site.named.values(), receiver)
  return kept ? { ...result, path } : result
}

/** A member by its name, where both are known. */
export function memberOf(object: Value, key: Value): Value {
  const name = key.texts[0]
  if (name === undefined) return object.items === undefined ? derived(object, key) : itemsOf(object)
  const own = object.entries?.get(name) ?? (/^\d+$/.test(name) ? object.items?.[Number(name)] : undefined)
  if (own !== undefined) return own
  if (object.path === undefined) {
    return object.texts.length > 0 && /^-?\d+$/.test(name)
      ? { ...object, computed: true, texts: object.texts.map((text) => text.at(Number(name)) ?? '') }
      : derived(object)
  }
  if (/^(os\.environ|process\.env|os\.environb|Bun\.env|import\.meta\.env)$/.test(object.path))
    return environmentValue(name)
  if (object.path === 'sys.modules') return pathValue(name, true)
  if (name === '__dict__' || name === '__builtins__' || name === 'builtins')
    return pathValue(name === '__dict__' ? object.path : 'builtins', true)
  const path =
    object.path === '' ||
    object.path === 'builtins' ||
    object.path === 'globalThis' ||
    object.path === 'global'
      ? name
      : `${object.path}.${name}`
  return {
    ...pathValue(path, key.computed || object.disguised === true),
    taints: object.taints,
    texts: /\.(platform|argv|pid)$/.test(path) ? [] : [],
  }
}

/** Any of the items of a list. */
export function itemsOf(list: Value): Value {
  const items = list.items ?? []
  if (items.length === 0) return derived(list)
  let texts: string[] = []
  for (const item of items.slice(0, 40)) texts = [...texts, ...item.texts].slice(0, 12)
  const one = items[0] ?? unknown
  return {
    ...derived(list),
    texts,
    ...(items.length === 1 && one.path !== undefined && { path: one.path }),
    ...(one.items !== undefined && { items: one.items }),
    ...(items.length === 1 && one.call !== undefined && { call: one.call }),
  }
}

function environmentValue(name: string | undefined): Value {
  if (name === undefined) return unknown
  if (/^(HOME|USERPROFILE)$/.test(name)) return textValue('~')
  if (/^(APPDATA|LOCALAPPDATA)$/.test(name)) return textValue('~/AppData')
  return isSecretName(name) ? withTaint(unknown, { kind: 'variable', what: name }) : unknown
}

function readValue(site: CallSite, path: string): Value {
  // methods of a path object read the object itself
  const method = site.receiver !== undefined && /(Path\.(read_text|read_bytes|open)|\.add|\.read)$/.test(path)
  const target = method && path.includes('Path') ? (site.receiver ?? unknown) : (site.args[0] ?? unknown)
  const mode = (method && path.includes('Path') ? site.args[0] : site.args[1])?.texts[0] ?? ''
  if (/open$/.test(path) && /^[wax]/.test(mode))
    return { ...derived(target), texts: target.texts, path: 'file-to-write' }
  for (const text of target.texts) {
    const kind = secretKind(text)
    if (kind !== undefined && !(kind === 'dotenv' || kind === 'agent-config'))
      return withTaint(derived(target), { kind: 'secret-file', what: text })
    if (kind === 'dotenv' && /~|\*/.test(text))
      return withTaint(derived(target), { kind: 'secret-file', what: text })
    if (kind === 'agent-config' && /^~/.test(text))
      return withTaint(derived(target), { kind: 'secret-file', what: text })
    if (kind === 'dotenv') return withTaint(derived(target), { kind: 'variable', what: text })
  }
  const name = target.texts[0]
  const own = name === undefined ? undefined : site.program.readFile(name)
  if (own !== undefined)
    return { ...withTaint(derived(target), { kind: 'skill-file', what: own.path }), texts: [own.text.trim()] }
  return derived(target)
}

function downloadValue(path: string, site: CallSite): Value {
  const texts = [...site.args, ...site.named.values()].flatMap((value) => value.texts)
  const url = texts.map((text) => findUrls(text)[0]?.text).find((found) => found !== undefined) ?? ''
  const own = site.receiver === undefined ? [] : allTaints(site.receiver)
  const result = withTaint(
    { ...unknown, taints: own.filter(({ kind }) => kind === 'download') },
    { kind: /socket|^net\./.test(path) ? 'socket' : 'download', what: url },
  )
  const holds = /(Request|create_connection|connect|createConnection|WebSocket)$|^https?\.request$/.test(path)
  const sent = derived(...site.args, ...site.named.values())
  return holds
    ? {
        ...result,
        taints: [...(path.endsWith('Request') ? [] : result.taints), ...sent.taints],
        texts: url === '' ? [] : [url],
        path,
        decoded: uniteWords([], []),
      }
    : result
}
