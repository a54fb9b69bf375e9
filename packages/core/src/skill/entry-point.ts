import type { SkillScript } from './skill-info.js'

const testPath =
  /(?:^|\/)(?:tests?|__tests__)\/|(?:^|\/)(?:test_[^/]*|[^/]*_test|conftest)\.py$|\.(?:test|spec)\.[^/.]+$/
const markerPath = /(?:^|\/)__init__\.py$|(?:^|\/)setup\.py$|\.config\.[cm]?[jt]s$/
const mainPath = /(?:^|\/)(?:main|run|cli)\.[^/.]+$/
// Calls that prepare a module rather than do its work.
const pythonSetup =
  /^(?:sys\.path\.|logging\.|warnings\.|load_dotenv\(|logger\.|os\.environ\.|matplotlib\.use\()/
const nodeSetup = /^(?:require\(|import\(|exports\.|module\.|Object\.|dotenv\.|describe\(|it\(|test\()/

/**
 * Whether a file is meant to be started, judged by its name (`main`, `run`, `cli`) and by lines: a shebang, a main guard,
 * an argument parser, or work at the top level.
 * Tests, package markers and build configuration are not.
 */
export function hasEntryPoint(path: string, language: SkillScript['language'], code: () => string): boolean {
  if (testPath.test(path) || markerPath.test(path)) return false
  const text = code().replace(/^\ufeff/, '')
  if (text.startsWith('#!') || (mainPath.test(path) && text.trim() !== '')) return true
  switch (language) {
    case 'python':
      return (
        /^if[ \t]+(?:__name__\s*==\s*['"]__main__['"]|['"]__main__['"]\s*==\s*__name__)/m.test(text) ||
        /\b(?:ArgumentParser\(|sys\.argv\b|sys\.stdin\b|fire\.Fire\(|typer\.run\()|@click\.command\b/.test(
          text,
        ) ||
        pythonWork(text)
      )
    case 'node':
      return (
        /\brequire\.main\s*===?\s*module\b|\bimport\.meta\.main\b|\bprocess\.(?:argv|stdin)\b|\bparseArgs\(/.test(
          text,
        ) ||
        lines(text).some(
          (line) =>
            /^(?:(?:await|void) )?[A-Za-z_$][\w$.]*\(|^;?\((?:async|function|\()/.test(line) &&
            !nodeSetup.test(line),
        )
      )
    case 'shell':
      return shellWork(text)
  }
}

function pythonWork(text: string): boolean {
  let quotes = ''
  // What a try at the top level does, it does at the top level; an except only tells of what went wrong.
  let trying = false
  for (const line of lines(text)) {
    const inString = quotes !== ''
    for (const [mark] of line.matchAll(/"""|'''/g)) {
      if (quotes === '') quotes = mark
      else if (quotes === mark) quotes = ''
    }
    if (inString) continue
    if (/^\S/.test(line)) trying = /^try\s*:/.test(line)
    const work = trying ? line.trimStart() : line
    if (/^(?:for|while|with) |^(?:await )?[A-Za-z_][\w.]*\(/.test(work) && !pythonSetup.test(work))
      return true
  }
  return false
}

function shellWork(text: string): boolean {
  let depth = 0
  for (const line of lines(text)) {
    const inFunction = depth > 0
    if (/^(?:function\s+)?[\w-]+\s*\(\)|^function\s+[\w-]+/.test(line)) {
      // The body of a one-line function closes on the line itself.
      if (!/\}\s*$/.test(line)) depth = 1
      continue
    }
    if (/^\}/.test(line)) depth = 0
    if (inFunction) continue
    if (
      /^[A-Za-z_./"$[(]/.test(line) &&
      !/^(?:[A-Za-z_]\w*=|export |readonly |declare |set |source |\. )/.test(line)
    ) {
      return true
    }
  }
  return false
}

function lines(text: string): string[] {
  // Cut, so that one endless line (minified code, data) does not cost every pattern its length.
  return text.split('\n').map((line) => line.slice(0, 1_000))
}
