import { OpenAI } from '@llamaindex/openai'
import { agent } from '@llamaindex/workflow'
import { SkillManager } from '@skilllite/core'
import { SkillLiteToolSpec } from '@skilllite/llamaindex'

const manager = await SkillManager.load({ skillsDir: './skills' })
const skills = SkillLiteToolSpec.fromManager(manager, {
  confirm: async (report) => {
    console.log(report)
    return false // ask somebody
  },
})
const assistant = agent({ llm: new OpenAI({ model: 'gpt-5-mini' }), tools: skills.toToolList() })
console.log((await assistant.run('What is 15 * 27?')).data.result)
