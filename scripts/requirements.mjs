import { run, Stop } from './shared.mjs'

const MINIMUM_NODE = [20, 19]
const MINIMUM_RUST = [1, 85]

function isBelow(version, minimum) {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major < minimum[0] || (major === minimum[0] && minor < minimum[1])
}

export function checkNode(version = process.versions.node) {
  if (!isBelow(version, MINIMUM_NODE)) return
  throw new Stop(
    `SkillLite needs Node.js ${MINIMUM_NODE.join('.')} or later, but this is ${version}: install a current version from https://nodejs.org or your distribution.`,
  )
}

/** The native sandbox is built here, so a Rust compiler is needed. */
export async function checkRust() {
  const needed = `SkillLite builds its sandbox from source and needs Rust ${MINIMUM_RUST.join('.')} or later`
  const remedy = "install Rust from https://rustup.rs or your distribution's packages `cargo` and `rustc`."
  for (const program of ['cargo', 'rustc']) {
    const { code, stdout, stderr, missing } = await run([program, '--version'])
    if (missing) throw new Stop(`${needed}, but \`${program}\` was not found: ${remedy}`)
    if (code !== 0)
      throw new Stop(`${needed}, but \`${program} --version\` failed (${firstLine(stderr)}): ${remedy}`)
    const version = /\d+\.\d+\.\d+/.exec(stdout)?.[0] ?? ''
    if (isBelow(version, MINIMUM_RUST)) {
      throw new Stop(`${needed}, but \`${program}\` is ${version}: ${remedy}`)
    }
  }
}

function firstLine(text) {
  return text.trim().split('\n')[0]
}
