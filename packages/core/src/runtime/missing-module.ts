import path from 'node:path'
import { quote } from '../errors.js'
import { readStart } from '../skill/safe-file.js'
import type { SkillInfo, SkillScript } from '../skill/skill-info.js'

/** Modules whose package has another name. */
const packages: Readonly<Record<string, string>> = {
  bs4: 'beautifulsoup4',
  cv2: 'opencv-python',
  Crypto: 'pycryptodome',
  dateutil: 'python-dateutil',
  docx: 'python-docx',
  dotenv: 'python-dotenv',
  fitz: 'pymupdf',
  OpenSSL: 'pyopenssl',
  PIL: 'pillow',
  pptx: 'python-pptx',
  sklearn: 'scikit-learn',
  yaml: 'pyyaml',
}

/**
 * One sentence about a third-party module that the script could not import, with the place where the skill declares
 * it; nothing if that is not what went wrong.
 */
export function missingModuleHint(skill: SkillInfo, script: SkillScript, stderr: string): string | undefined {
  const name = missingModule(script, stderr)
  if (name === undefined) return undefined
  const wanted = script.language === 'python' ? (packages[name] ?? name) : name
  const place = declaredIn(skill, script, [name, wanted])
  const declared = place === undefined ? 'the skill does not declare it' : `declared in ${place}`
  const installer =
    script.language === 'python' ? `python3 -m pip install ${wanted}` : `npm install ${wanted}`
  return `The script needs the ${script.language === 'python' ? 'Python' : 'Node'} module ${name} (${declared}), which is not installed; with the same interpreter: ${installer}`
}

function missingModule(script: SkillScript, stderr: string): string | undefined {
  const tail = stderr.slice(-20_000)
  if (script.language === 'python') {
    return /^ModuleNotFoundError: No module named '([A-Za-z_]\w*)[^']*'/m.exec(tail)?.[1]
  }
  if (script.language !== 'node') return undefined
  const specifier = /Cannot find (?:module|package) '([^'./][^']*)'/.exec(tail)?.[1]
  return specifier === undefined ? undefined : /^(@[\w.~-]+\/)?[\w.~-]+/.exec(specifier)?.[0]
}

function declaredIn(skill: SkillInfo, script: SkillScript, names: readonly string[]): string | undefined {
  const wanted = new Set(names.map(normalise))
  const declares = (requirement: string): boolean => {
    const name = /^\s*["']?((?:@[\w.-]+\/)?[A-Za-z0-9][\w.-]*)/.exec(requirement)?.[1]
    return name !== undefined && wanted.has(normalise(name))
  }
  if (script.language === 'python' && inlineRequirements(read(skill, script.path)).some(declares)) {
    return `the script block of ${quote(script.path)}`
  }
  if (skill.runtime.dependencies?.some(declares) === true) return 'the dependencies of SKILL.md'
  if (script.language === 'python') {
    if (read(skill, 'requirements.txt').split('\n').some(declares)) return 'requirements.txt'
    if (quotedStrings(read(skill, 'pyproject.toml')).some(declares)) return 'pyproject.toml'
  } else if (quotedStrings(read(skill, 'package.json')).some(declares)) return 'package.json'
  return undefined
}

/** The lines of the PEP 723 block, each requirement in a string of its own. */
function inlineRequirements(code: string): string[] {
  const block = /^# \/\/\/ script$([\s\S]*?)^# \/\/\/$/m.exec(code)?.[1] ?? ''
  return quotedStrings(block)
}

const quotedStrings = (text: string): string[] => text.match(/"[^"\n]{1,200}"|'[^'\n]{1,200}'/g) ?? []

const normalise = (name: string): string => name.toLowerCase().replace(/[-_.]+/g, '-')

function read(skill: SkillInfo, file: string): string {
  try {
    return readStart(skill.directory, path.join(skill.directory, file), 64 * 1024).toString('utf8')
  } catch {
    return ''
  }
}
