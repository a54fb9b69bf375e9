import { SkillManager } from '@skilllite/core'
import { getTools, handleToolCalls } from '@skilllite/openai'
import OpenAI from 'openai'

const manager = await SkillManager.load({ skillsDir: process.env.SKILLS_DIR ?? './skills' })
const client = new OpenAI() // OPENAI_API_KEY and OPENAI_BASE_URL say where
const tools = getTools(manager)
const messages: OpenAI.Chat.ChatCompletionMessageParam[] = [{ role: 'user', content: 'What is 15 * 27?' }]

for (;;) {
  const completion = await client.chat.completions.create({ model: 'gpt-5-mini', messages, tools })
  const message = completion.choices[0]?.message
  if (message === undefined) break
  messages.push(message)
  if (!message.tool_calls?.length) {
    console.log(message.content)
    break
  }
  messages.push(...(await handleToolCalls(manager, message)))
}
