// One contender, one item: world, attack, verdict.
import { launch } from './launch.mjs'
import { makeWorld, token, writeAttack } from './world.mjs'

/** An attack that has run prints this first; where a time limit swallows all output, it has at least burned time. */
const began = ({ stdout, peaks }) => /^began$/m.test(stdout) || peaks.cpuSeconds >= 1

/**
 * `blocked`: every attack has run and did no harm. `harm`: with `evidence`. `failed`: an attack did not even start, so
 * nothing is known.
 */
export async function judge(contender, item) {
  for (const attack of item.attacks) {
    const verdict = await judgeAttack(contender, item, attack)
    if (verdict.kind !== 'blocked') return verdict
  }
  return { kind: 'blocked' }
}

async function judgeAttack(contender, item, attack) {
  const world = makeWorld()
  const prepared = await item.prepare(world)
  try {
    const run = async (script) => {
      writeAttack(world, script, prepared.parameters)
      return launch(contender.command(world), { mark: world.root, watch: item.watch })
    }
    const first = await run(attack)
    const later = item.later === undefined ? undefined : await run(item.later)
    const evidence = await prepared.judge(first, later)
    if (evidence) return { kind: 'harm', evidence }
    const silent = [first, later].find((one) => one !== undefined && !began(one))
    return silent === undefined ? { kind: 'blocked' } : { kind: 'failed', evidence: tell(attack, silent) }
  } finally {
    prepared.close?.()
    world.remove()
  }
}

/** Why a contender cannot even run an honest script, or undefined. */
export async function unusable(contender) {
  const world = makeWorld()
  try {
    const text = token()
    writeAttack(world, 'control.py', { token: text })
    const run = await launch(contender.command(world), { mark: world.root })
    const line = run.stdout.split('\n').find((one) => one.startsWith('{'))
    const expected = { answer: 42, token: text, helper: true }
    return line !== undefined && JSON.stringify(JSON.parse(line)) === JSON.stringify(expected)
      ? undefined
      : tell('control.py', run)
  } finally {
    world.remove()
  }
}

function tell(script, run) {
  const said = (run.stderr || run.stdout || run.problem || '').trim().split('\n').slice(-2).join(' · ')
  return `${script} did not run (${run.overdue ? 'no end' : `exit ${run.code ?? run.signal}`}): ${said.slice(0, 300)}`
}
