import type { InstallRequest, RunOptions, RunProgress } from '@skilllite/core'
import type { ParsedArguments } from '../command-line/spec.js'
import { ask } from '../terminal/ask.js'
import { visibleLine } from '../terminal/escape.js'
import { tell } from '../terminal/output.js'
import { type Progress, progress } from '../terminal/progress.js'
import { isTerminal } from '../terminal/style.js'

/** Who agrees to packages being installed: `--install`, what a configuration decides, a person at a terminal, or nobody. */
export function installation(
  parsed: ParsedArguments,
): Pick<RunOptions, 'dependencies' | 'confirmInstall' | 'allowSourceBuilds' | 'onProgress'> {
  const sources = parsed.values.get('allow-source')
  const options = {
    onProgress: installProgress(),
    ...(sources === undefined ? {} : { allowSourceBuilds: sources }),
  }
  if (parsed.flags.has('install')) return { dependencies: 'allow', ...options }
  return isTerminal(0) && isTerminal(2) ? { confirmInstall: confirm, ...options } : options
}

async function confirm({ skill, requirements, places, locked }: InstallRequest): Promise<boolean> {
  tell(`${visibleLine(skill)} needs packages that are not installed (${visibleLine(places.join(' and '))}):`)
  for (const requirement of requirements) tell(`  ${visibleLine(requirement)}`)
  const versions = locked ? 'in the versions of the lock ' : ''
  const answer = await ask(`Install them ${versions}for this skill? [y]es, [N]o: `)
  return /^y(es)?$/i.test((answer ?? '').trim())
}

/** Shows on a terminal how an installation goes. */
export function installProgress(): (event: RunProgress) => void {
  let line: Progress | undefined
  let doing = ''
  return (event) => {
    switch (event.kind) {
      case 'install-waiting':
        line = progress()
        return line.update('Waiting for another process that installs the same packages')
      case 'install-started':
        line = progress()
        doing = `Installing ${event.requirements.join(', ')} with ${event.installer}`
        return line.update(visibleLine(doing))
      case 'install-output':
        return line?.update(visibleLine(`${doing}: ${event.line}`).slice(0, width() - 1))
      case 'install-finished':
        return line?.end()
      default:
        // The run itself shows what it prints.
        return line?.end()
    }
  }
}

/** A terminal may say that it has none. */
const width = (): number => process.stderr.columns || 80
