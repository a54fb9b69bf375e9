import type { UnitKind } from '../unit.js'

/** What a file is, by its first bytes. */
export type ContentKind = 'text' | 'program' | 'byte-code' | 'archive' | 'document' | 'media' | 'unknown'

const marks: readonly (readonly [ContentKind, string | RegExp])[] = [
  ['program', '\x7fELF'],
  ['program', 'MZ'],
  ['program', /^(\xfe\xed\xfa[\xce\xcf]|[\xce\xcf]\xfa\xed\xfe|\xca\xfe\xba\xbf)/],
  ['program', '\x00asm'],
  ['byte-code', /^[\s\S]{2}\r\n[\s\S]{4}/],
  ['byte-code', '\xca\xfe\xba\xbe'],
  ['archive', 'PK\x03\x04'],
  ['archive', '\x1f\x8b'],
  ['archive', 'BZh'],
  ['archive', '\xfd7zXZ'],
  ['archive', '7z\xbc\xaf\x27\x1c'],
  ['archive', 'Rar!'],
  ['archive', '\x28\xb5\x2f\xfd'],
  ['archive', 'xar!'],
  ['media', '\x89PNG'],
  ['media', '\xff\xd8\xff'],
  ['media', 'GIF8'],
  ['media', 'RIFF'],
  ['media', 'OggS'],
  ['media', 'ID3'],
  ['media', 'wOF'],
  ['media', 'OTTO'],
  ['media', '\x00\x01\x00\x00'],
  ['media', '\x00\x00\x01\x00'],
  ['document', '%PDF'],
  ['document', '\xd0\xcf\x11\xe0'],
  ['document', 'SQLite format 3'],
]

/** What the first bytes say. */
export function contentKind(bytes: Buffer): ContentKind | undefined {
  const start = bytes.subarray(0, 64).toString('latin1')
  for (const [kind, mark] of marks) {
    if (typeof mark === 'string' ? start.startsWith(mark) : mark.test(start)) return kind
  }
  if (bytes.subarray(257, 262).toString('latin1') === 'ustar') return 'archive'
  if (bytes.subarray(4, 8).toString('latin1') === 'ftyp') return 'media'
  return undefined
}

const byEnding: Readonly<Record<string, UnitKind>> = {
  md: 'markdown',
  markdown: 'markdown',
  mdx: 'markdown',
  mdc: 'markdown',
  rst: 'markdown',
  adoc: 'markdown',
  txt: 'markdown',
  html: 'markdown',
  htm: 'markdown',
  py: 'python',
  pyw: 'python',
  pyi: 'python',
  pth: 'python',
  js: 'javascript',
  mjs: 'javascript',
  cjs: 'javascript',
  jsx: 'javascript',
  ts: 'typescript',
  mts: 'typescript',
  cts: 'typescript',
  tsx: 'typescript',
  sh: 'shell',
  bash: 'shell',
  zsh: 'shell',
  command: 'shell',
  ksh: 'shell',
  fish: 'shell',
  ps1: 'powershell',
  psm1: 'powershell',
  bat: 'powershell',
  cmd: 'powershell',
}

/** How a text file is to be read: by its first line, else by its name, else by what it looks like. */
export function unitKind(path: string, text: string): UnitKind {
  const shebang = /^#!.{0,100}/.exec(text)?.[0] ?? ''
  if (/\b(bash|sh|zsh|ksh|dash)\b/.test(shebang)) return 'shell'
  if (/\bpython/.test(shebang)) return 'python'
  if (/\b(node|bun|deno)\b/.test(shebang)) return 'javascript'
  const name = path.split('/').pop() ?? ''
  const ending = /\.([A-Za-z0-9]{1,10})$/.exec(name)?.[1]?.toLowerCase() ?? ''
  if (/^(requirements|constraints)[\w.-]*\.txt$/.test(name)) return 'data'
  const known = byEnding[ending]
  if (known !== undefined) return known
  if (
    /^(Makefile|Dockerfile|Justfile|\.?(bash|zsh)rc|\.envrc|\.?profile)$/i.test(name) ||
    /(^|\/)(\.git\/hooks|\.husky|hooks)\/[a-z-]+$/.test(path)
  )
    return 'shell'
  if (ending === '' && /^\s{0,40}(import |from \w+ import|def |class )/.test(text.slice(0, 400)))
    return 'python'
  return 'data'
}

/** Files that are ordinary in a skill and hold no text, by their endings. */
export const ordinaryEndings =
  /\.(png|jpe?g|gif|webp|ico|bmp|tiff?|svg|woff2?|ttf|otf|eot|mp3|mp4|wav|ogg|m4a|mov|webm|pdf|docx|xlsx|pptx|dotx|xltx|potx|odt|ods|odp|epub|parquet|npy|npz|onnx|sqlite3?|db|glb|ply|psd|ai|icns|heic|avif|flac|arrow|feather|bin)$/i
export const officeEndings =
  /\.(docx|xlsx|pptx|dotx|xltx|potx|docm|xlsm|odt|ods|odp|epub|vsix|jar|whl|nupkg|sketch|fig|key|numbers|pages|3mf|kmz|skill)$/i
