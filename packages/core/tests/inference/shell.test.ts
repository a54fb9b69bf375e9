import { describe, expect, test } from 'vitest'
import { infer, line, outline } from './outline.js'

type Case = readonly [
  title: string,
  code: string,
  schema: string,
  args: Record<string, unknown>,
  line: string,
  kind?: string,
]

const cases: readonly Case[] = [
  ['a place', 'cat "$1" | wc -l', 'arg1: string!', { arg1: '-x' }, '-x'],
  ['a place with a name', 'FILE="$1"\nwc -l "$FILE"', 'file: string!', { file: 'a' }, 'a'],
  [
    'defaults',
    `INPUT=\${1:-in.txt}
COUNT="\${2:-10}"
QUIET=\${3:-false}
RATE=\${4:-0.5}
head -n "$COUNT" "$INPUT"`,
    'input: string = "in.txt", count: integer = 10, quiet: boolean = false, rate: number = 0.5',
    { input: 'a', count: 5 },
    'a 5',
  ],
  [
    'what is needed, and what may be empty',
    `SRC="\${1:?source is needed}"
DEST="\${2-}"
cp "$SRC" "\${DEST:-.}"`,
    'src: string!, dest: string = "."',
    { src: 'a' },
    'a',
  ],
  [
    'the number of words',
    `if [ $# -lt 2 ]; then
  echo "Usage: $0 <from> <to> [mode]" >&2
  exit 1
fi
cp "$1" "$2"
MODE=$3
[ -n "$MODE" ] && chmod "$MODE" "$2"`,
    'from: string!, to: string!, mode: string',
    { from: 'a', to: 'b', mode: '755' },
    'a b 755',
  ],
  [
    'the number of words in arithmetic',
    `(( $# >= 1 )) || { echo usage; exit 2; }
name=$1
greeting=\${2:-Hello}
echo "$greeting $name"`,
    'name: string!, greeting: string = "Hello"',
    { name: 'a' },
    'a',
  ],
  [
    'an empty word',
    `NAME="$1"
if [[ -z "$NAME" ]]; then usage; exit 1; fi
OUT="$2"
if [ -z "$OUT" ]; then OUT="out.txt"; fi
echo "$NAME" > "$OUT"`,
    'name: string!, out: string = "out.txt"',
    { name: 'a', out: 'b' },
    'a b',
  ],
  [
    'a test in short',
    `[ -z "$1" ] && echo "no url" && exit 1
url=$1
curl "$url"`,
    'url: string!',
    { url: 'u' },
    'u',
  ],
  [
    'a function that ends the script',
    `usage() { echo "Usage: run.sh <env>"; exit 1; }
test -n "$1" || usage
ENVIRONMENT=$1
deploy "$ENVIRONMENT"`,
    'environment: string!',
    { environment: 'e' },
    'e',
  ],
  [
    'a case that knows all words',
    `case "$1" in
  start|up) echo starting ;;
  stop) echo stopping ;;
  *) echo "usage"; exit 1 ;;
esac`,
    'arg1: start|up|stop!',
    { arg1: 'stop' },
    'stop',
  ],
  [
    'all words',
    'for file in "$@"; do\n  wc -l "$file"\ndone',
    'files: string[]',
    { files: ['a', '-b'] },
    'a -b',
  ],
  ['all words, handed on', 'exec python3 main.py "$@"', 'args: string[]', { args: ['--x', 'y'] }, '--x y'],
  ['all words as a text', 'TEXT="$*"\necho "$TEXT"', 'text: string[]', { text: ['a', 'b'] }, 'a b'],
  [
    'the rest after a shift',
    `TARGET=$1
shift
for file in "$@"; do cp "$file" "$TARGET"; done`,
    'target: string!, files: string[]',
    { target: 't', files: ['a', 'b'] },
    't a b',
  ],
  [
    'shifted places',
    `command="$1"; shift
name="$1"
shift
value="\${1:-}"
run "$command" "$name" "$value"`,
    'command: string!, name: string!, value: string',
    { command: 'c', name: 'n', value: 'v' },
    'c n v',
  ],
  [
    'a loop that shifts',
    `OUTPUT="out.txt"
VERBOSE=false
while [ $# -gt 0 ]; do
  case "$1" in
    -o|--output) OUTPUT="$2"; shift 2 ;;
    -v|--verbose) VERBOSE=true; shift ;;
    --level=*) LEVEL="\${1#*=}"; shift ;;
    -h|--help) usage; exit 0 ;;
    *) INPUT="$1"; shift ;;
  esac
done
if [ -z "$INPUT" ]; then echo "no input"; exit 1; fi`,
    'output: string = "out.txt", verbose: boolean = false, level: string, input: string!',
    { output: 'o', verbose: true, level: '3', input: 'i' },
    'i --output o --verbose --level=3',
  ],
  [
    'a loop with one shift for all',
    `while [[ "$#" -gt 0 ]]; do
  case $1 in
    --name) NAME="$2"; shift ;;
    --count) COUNT="$2"; shift ;;
    --dry-run) DRY_RUN=1 ;;
    *) echo "Unknown parameter: $1"; exit 1 ;;
  esac
  shift
done
[[ -z "$NAME" ]] && { echo "--name is needed"; exit 1; }
COUNT=\${COUNT:-5}`,
    'name: string!, count: integer = 5, dry_run: boolean',
    { name: 'n', count: 2, dry_run: true },
    '--name n --count 2 --dry-run',
  ],
  [
    'words that are left',
    `POSITIONAL=()
while [[ $# -gt 0 ]]; do
  key="$1"
  case $key in
    -t|--tag) TAGS+=("$2"); shift; shift ;;
    *) POSITIONAL+=("$1"); shift ;;
  esac
done
set -- "\${POSITIONAL[@]}"
SRC="$1"
DST="\${2:-build}"`,
    'tag: string[], src: string!, dst: string = "build"',
    { tag: ['a', 'b'], src: 's' },
    's --tag a --tag b',
  ],
  [
    'a loop of ifs',
    `while [ -n "$1" ]; do
  if [ "$1" = "--format" ]; then
    shift
    FORMAT="$1"
  elif [ "$1" = "--all" ]; then
    ALL=yes
  fi
  shift
done`,
    'format: string, all: boolean',
    { format: 'f', all: true },
    '--format f --all',
  ],
  [
    'a loop over all words with cases',
    `for arg in "$@"; do
  case "$arg" in
    --prefix=*) PREFIX="\${arg#*=}" ;;
    --debug) DEBUG_MODE=1 ;;
  esac
done`,
    'prefix: string, debug: boolean',
    { prefix: '/usr', debug: true },
    '--prefix=/usr --debug',
  ],
  [
    'getopts',
    `usage() { echo "Usage: $0 [-v] [-n count] [-o file] <input>"; exit 1; }
COUNT=1
while getopts ":vn:o:h" opt; do
  case $opt in
    v) VERBOSE=1 ;;
    n) COUNT="$OPTARG" ;;
    o) OUTPUT="$OPTARG" ;;
    h) usage ;;
    \\?) usage ;;
  esac
done
shift $((OPTIND - 1))
INPUT="$1"
[ -z "$INPUT" ] && usage`,
    'verbose: boolean, count: integer = 1, output: string, input: string!',
    { verbose: true, count: 2, output: '-x', input: '-i' },
    '-v -n 2 -o-x -- -i',
    'getopts',
  ],
  [
    'getopts and the rest',
    `while getopts 'af:' flag; do
  case "\${flag}" in
    a) all='true' ;;
    f) files="\${OPTARG}" ;;
    *) exit 1 ;;
  esac
done
shift "$((OPTIND-1))"
for name in "$@"; do echo "$name"; done`,
    'all: boolean, files: string, names: string[]',
    { all: true, names: ['x'] },
    '-a x',
    'getopts',
  ],
  [
    'main "$@"',
    `helper() { echo "$1"; }
main() {
  local input="$1"
  local size="\${2:-100}"
  helper "$input"
  resize "$input" "$((size * 2))"
}
main "$@"`,
    'input: string!, size: integer = 100',
    { input: 'i', size: 5 },
    'i 5',
  ],
  [
    "functions' own places",
    `log() { echo "[$1] $2"; }
log INFO starting
log WARN "$1"`,
    'arg1: string!',
    { arg1: 'a' },
    'a',
  ],
  [
    'places through a function',
    `convert() {
  local source=$1 format=\${2:-png}
  magick "$source" "out.$format"
}
convert "$1" "$2"`,
    'source: string!, format: string = "png"',
    { source: 's', format: 'png' },
    's',
  ],
  [
    'a head comment',
    `#!/bin/bash
# Resizes an image.
#
# Usage: resize.sh <image> <width> [height]
#   image   the file to resize
convert "$1" -resize "$2x$3" out.png`,
    'image: string!, width: string!, height: string',
    { image: 'i', width: '3' },
    'i 3',
  ],
  [
    'a usage text in a here-document',
    `usage() {
  cat <<EOF
Usage: $(basename "$0") SOURCE TARGET
EOF
  exit 1
}
[ "$#" -ne 2 ] && usage
rsync "$1" "$2"`,
    'source: string!, target: string!',
    { source: 'a', target: 'b' },
    'a b',
  ],
  [
    'numbers',
    `N=$1
if ! [[ "$N" =~ ^[0-9]+$ ]]; then echo "not a number"; exit 1; fi
PORT=$2
if [ "$PORT" -gt 1024 ]; then echo ok; fi`,
    'n: integer!, port: integer!',
    { n: 1, port: 80 },
    '1 80',
  ],
  [
    'stdin',
    'INPUT=$(cat)\necho "$INPUT" | tr a-z A-Z',
    'stdin: string',
    { stdin: 'abc' },
    '< abc',
    'stdin-text',
  ],
  [
    'JSON on stdin',
    `INPUT=$(cat)
NAME=$(echo "$INPUT" | jq -r '.name')
LIMIT=$(echo "$INPUT" | jq -r '.limit // 10')
TAG=$(echo "$INPUT" | jq -r '.tag // empty')`,
    'name: any!, limit: integer = 10, tag: any',
    { name: 'n' },
    '< {"name":"n"}',
    'stdin-json',
  ],
  [
    'lines on stdin',
    'while read -r line; do echo "> $line"; done',
    'stdin: string',
    { stdin: 'a' },
    '< a',
    'stdin-text',
  ],
  [
    'what is fed from elsewhere is not stdin',
    `FILE=$1
while read -r line; do echo "$line"; done < "$FILE"
cat <<EOF
hello
EOF
ls | while read -r entry; do echo "$entry"; done`,
    'file: string!',
    { file: 'f' },
    'f',
  ],
  [
    'commands of the script',
    `cmd="\${1:-help}"
case "$cmd" in
  build) make ;;
  test) make test "$2" ;;
  help|*) echo "Usage: x.sh build|test" ;;
esac`,
    'cmd: build|test|help, arg2: string',
    { cmd: 'test', arg2: 'unit' },
    'test unit',
  ],
]

describe('shell', () => {
  const rows = cases.map(([title, code, schema, args, expected, kind = 'argv']) => ({
    ...{ title, code, schema, args, expected, kind },
  }))
  test.each(rows)('$title', async ({ code, schema, args, expected, kind }) => {
    const inferred = await infer('run.sh', code)
    expect(outline(inferred.inputSchema)).toBe(schema)
    expect(line(inferred, args)).toBe(expected)
    expect(inferred.kind).toBe(kind)
    expect(inferred.diagnostics).toEqual([])
  })
})
