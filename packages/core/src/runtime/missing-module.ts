import type { SkillInfo, SkillScript } from '../skill/skill-info.js'
import { declaredDependencies } from './dependencies/declared-dependencies.js'
import { normaliseName } from './dependencies/requirement.js'

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
 * it and what installs it; nothing if that is not what went wrong. `installed`: what it declares is installed.
 */
export async function missingModuleHint(
  skill: SkillInfo,
  script: SkillScript,
  stderr: string,
  installed: boolean,
): Promise<string | undefined> {
  const name = missingModule(script, stderr)
  if (name === undefined) return installed ? undefined : mentionedHint(skill, script, stderr)
  const python = script.language === 'python'
  const wanted = python ? (packages[name] ?? name) : name
  const place = await declaredIn(skill, script, [name, wanted])
  const needs = `The script needs the ${python ? 'Python' : 'Node'} module ${name}`
  if (place !== undefined && !installed) {
    return `${needs} (declared in ${place}), which is not installed; to install what the skill declares: skilllite run ${skill.name} --install`
  }
  if (place !== undefined)
    return `${needs} (declared in ${place}), but the package installed for it does not hold it`
  if (installed)
    return `${needs}, which the skill does not declare; its author must add ${wanted} to what it declares`
  const installer = python ? `python3 -m pip install ${wanted}` : `npm install ${wanted}`
  return `${needs} (the skill does not declare it), which is not installed; with the same interpreter: ${installer}`
}

/** Some scripts tell by themselves which package they miss. */
async function mentionedHint(
  skill: SkillInfo,
  script: SkillScript,
  stderr: string,
): Promise<string | undefined> {
  const words = new Set(
    stderr
      .slice(-20_000)
      .match(/[@\w][\w./~-]*/g)
      ?.map((word) => normaliseName(word.replace(/[./-]+$/, ''))),
  )
  const declared = await declaredDependencies(skill, script).catch(() => undefined)
  const named = declared?.requirements.map(packageName).filter((name) => words.has(name)) ?? []
  if (declared === undefined || named.length === 0) return undefined
  return `What the script declares is not installed (${declared.requirements.join(', ')}); to install it: skilllite run ${skill.name} --install`
}

const packageName = (requirement: string): string =>
  normaliseName(/^(?:@[\w.~-]+\/)?[A-Za-z0-9][\w.~-]*/.exec(requirement)?.[0] ?? '')

function missingModule(script: SkillScript, stderr: string): string | undefined {
  const tail = stderr.slice(-20_000)
  if (script.language === 'python') {
    return /^ModuleNotFoundError: No module named '([A-Za-z_]\w*)[^']*'/m.exec(tail)?.[1]
  }
  if (script.language !== 'node') return undefined
  const specifier = /Cannot find (?:module|package) '([^'./][^']*)'/.exec(tail)?.[1]
  return specifier === undefined ? undefined : /^(@[\w.~-]+\/)?[\w.~-]+/.exec(specifier)?.[0]
}

async function declaredIn(
  skill: SkillInfo,
  script: SkillScript,
  names: readonly string[],
): Promise<string | undefined> {
  const wanted = new Set(names.map(normaliseName))
  const declared = await declaredDependencies(skill, script).catch(() => undefined)
  return declared?.requirements.some((requirement) => wanted.has(packageName(requirement))) === true
    ? declared.places.join(' and ')
    : undefined
}
