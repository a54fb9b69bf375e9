import { collectOutput } from './collect-output.js'
import type { LaunchOutcome, LaunchPlan, LaunchStreams, Sandbox } from './launch.js'
import { openPrivateDirectory } from './private-directory.js'
import { runOnHost } from './run-on-host.js'
import { scriptEnvironment } from './script-environment.js'

/** Level 1: no isolation. Only the time limit and the output limits hold. */
export class DirectSandbox implements Sandbox {
  async launch(plan: LaunchPlan, streams: LaunchStreams): Promise<LaunchOutcome> {
    const { policy } = plan
    const own = await openPrivateDirectory()
    const env = scriptEnvironment(plan, {
      path: process.env.PATH ?? '/usr/bin:/bin',
      home: own.home,
      temp: own.temp,
      output: own.output,
      timeZone: plan.host.timeZone,
    })
    try {
      const { limits, skillDirectory: cwd } = policy
      const outcome = await runOnHost({ command: plan.command, cwd, env, limits }, streams)
      const collected = await collectOutput(own.output, plan.collectInto, limits.outputBytes)
      return { ...outcome, ...collected, backend: 'none', layers: {}, violations: [] }
    } finally {
      await own.close()
    }
  }
}
