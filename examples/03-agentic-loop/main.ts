import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { openEndpoint } from '@skilllite/scripted-openai'
import { AgenticLoop, type LoopState, SkillManager } from 'skilllite'
import { script } from './script.js'
import { showEvent } from './show-event.js'

const stateFile = 'waiting.json'
const [answer] = process.argv.slice(2)
if (answer !== undefined && answer !== 'yes' && answer !== 'no') stop('Answer yes or no.')
if (answer !== undefined && !existsSync(stateFile)) stop('Nothing waits for an answer: begin with npm start.')

const endpoint = await openEndpoint(script)
const { baseURL, apiKey, model } = endpoint
const manager = await SkillManager.load({ skillsDir: ['../../skills/calculator', '../skills/greeter'] })
const loop = new AgenticLoop({ manager, baseURL, apiKey, model, planning: true })

if (answer === undefined) await begin('Use your tools: what is 15 * 27? And greet Ada.')
else await goOn(answer === 'yes')
await endpoint.close()

/** With nobody to ask, the loop stops where the scan asks. What it needs to go on is plain data. */
async function begin(question: string): Promise<void> {
  console.log(question)
  for await (const event of loop.stream(question)) {
    showEvent(event)
    if (event.type === 'done' && event.result.state !== undefined) keep(event.result.state)
  }
}

/** Another process, maybe days later: calls that were answered are not run again. */
async function goOn(yes: boolean): Promise<void> {
  const state: LoopState = JSON.parse(readFileSync(stateFile, 'utf8'))
  const approvals = Object.fromEntries(state.pending.map(({ scanId }) => [scanId, yes]))
  const { state: next } = await loop.resume(state, { approvals }, { onEvent: showEvent })
  if (next === undefined) rmSync(stateFile)
  else keep(next)
}

function stop(message: string): never {
  console.error(message)
  process.exit(1)
}

function keep(state: LoopState): void {
  writeFileSync(stateFile, JSON.stringify(state))
  console.log(`It waits in ${stateFile}. Go on with: npm start -- yes   (or no)`)
}
