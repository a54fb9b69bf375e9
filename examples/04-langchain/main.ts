import { stdin, stdout } from 'node:process'
import { createInterface } from 'node:readline/promises'
import { ChatOpenAI } from '@langchain/openai'
import { SkillLiteToolkit } from '@skilllite/langchain'
import { openEndpoint } from '@skilllite/scripted-openai'
import { createAgent } from 'langchain'
import { SkillManager } from 'skilllite'
import { script } from './script.js'

const endpoint = await openEndpoint(script)
const model = new ChatOpenAI({
  model: endpoint.model,
  apiKey: endpoint.apiKey,
  configuration: { baseURL: endpoint.baseURL },
})

/** Asked where the scan of a skill finds something. With nobody at a terminal the answer is no, unless --yes was given. */
async function confirm(report: string): Promise<boolean> {
  console.log(`\n${report}\n`)
  if (process.argv.includes('--yes')) return true
  if (!stdin.isTTY) return false
  const terminal = createInterface({ input: stdin, output: stdout })
  const answer = await terminal.question('Run it? [y/N] ')
  terminal.close()
  return answer.trim().toLowerCase() === 'y'
}

const manager = await SkillManager.load({ skillsDir: ['../../skills/calculator', '../skills/greeter'] })
const toolkit = SkillLiteToolkit.fromManager(manager, { sandboxLevel: 3, confirm })
const agent = createAgent({ model, tools: toolkit.getTools() })

const content = 'Use your tools: what is 15 * 27? And greet Ada.'
console.log(content)
const { messages } = await agent.invoke({ messages: [{ role: 'user', content }] })
for (const message of messages) {
  if (message.getType() === 'tool') console.log(`${message.name}: ${message.text}`)
}
console.log(messages.at(-1)?.text)
await endpoint.close()
