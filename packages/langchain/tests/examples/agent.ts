import { ChatOpenAI } from '@langchain/openai'
import { SkillManager } from '@skilllite/core'
import { SkillLiteToolkit } from '@skilllite/langchain'
import { createAgent } from 'langchain'

const manager = await SkillManager.load({ skillsDir: './skills' })
const toolkit = SkillLiteToolkit.fromManager(manager, {
  confirm: async (report) => {
    console.log(report)
    return false // ask somebody
  },
})
const agent = createAgent({ model: new ChatOpenAI({ model: 'gpt-5-mini' }), tools: toolkit.getTools() })
const { messages } = await agent.invoke({ messages: [{ role: 'user', content: 'What is 15 * 27?' }] })
console.log(messages.at(-1)?.text)
