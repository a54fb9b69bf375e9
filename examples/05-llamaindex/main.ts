import { readdirSync, readFileSync } from 'node:fs'
import { Document, MetadataMode } from '@llamaindex/core/schema'
import { FunctionTool } from '@llamaindex/core/tools'
import { OpenAI } from '@llamaindex/openai'
import { agent, agentToolCallResultEvent, stopAgentEvent } from '@llamaindex/workflow'
import { SkillLiteToolSpec } from '@skilllite/llamaindex'
import { openEndpoint } from '@skilllite/scripted-openai'
import { VectorStoreIndex } from 'llamaindex/indices'
import { SkillManager } from 'skilllite'
import { useLocalEmbedding } from './local-embedding.js'
import { script } from './script.js'

const endpoint = await openEndpoint(script)
const { baseURL, apiKey, model } = endpoint
const llm = new OpenAI({ baseURL, apiKey, model })
useLocalEmbedding()

const notes = readdirSync('notes').map(
  (name) => new Document({ text: readFileSync(`notes/${name}`, 'utf8'), id_: name }),
)
const retriever = (await VectorStoreIndex.fromDocuments(notes)).asRetriever({ similarityTopK: 1 })
const searchNotes = FunctionTool.from<{ query: string }>(
  async ({ query }) => {
    const found = await retriever.retrieve(query)
    return found.map(({ node }) => node.getContent(MetadataMode.NONE)).join('\n')
  },
  {
    name: 'search_notes',
    description: 'Finds what the notes of the shop say about something.',
    parameters: { type: 'object', properties: { query: { type: 'string' } }, required: ['query'] },
  },
)

const manager = await SkillManager.load({ skillsDir: '../../skills' })
const skills = SkillLiteToolSpec.fromManager(manager, { skills: ['calculator'] })

const question = 'What do 12 boxes of green tea cost?'
console.log(question)
const shopkeeper = agent({ llm, tools: [searchNotes, ...skills.toToolList()] })
for await (const event of shopkeeper.runStream(question)) {
  if (agentToolCallResultEvent.include(event)) console.log(`${event.data.toolName}: ${event.data.raw}`)
  if (stopAgentEvent.include(event)) console.log(event.data.result)
}
await endpoint.close()
