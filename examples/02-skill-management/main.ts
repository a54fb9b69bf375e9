import { resolve } from 'node:path'
import { answerCall, explainPolicy, SkillManager, validateSkill } from 'skilllite'

const manager = await SkillManager.load({ skillsDir: ['../../skills', './skills'] })

console.log('Found:')
for (const { name, scripts } of manager.skills) {
  const runnable = scripts.filter((script) => script.runnable).length
  console.log(`  ${name}: ${runnable === 0 ? 'instructions only' : `${runnable} tool(s)`}`)
}

console.log('\nWrong or odd:')
for (const { severity, message, hint } of manager.diagnostics) {
  console.log(`  ${severity}: ${message}${hint === undefined ? '' : `\n    ${hint}`}`)
}

console.log('\nWhat the specification says against skills/Broken:')
for (const error of validateSkill('./skills/Broken')) console.log(`  ${error}`)

console.log('\nTools that a model is offered by a filter:')
for (const { name, description } of manager.tools({ include: ['*er'], exclude: ['weather'] })) {
  console.log(`  ${name}: ${description.slice(0, 60)}`)
}

// Nobody wrote this schema: it was read from the script, which was not run.
const counter = manager.tool('line-counter')
console.log('\nArguments of line-counter, and where each was found:')
console.log(JSON.stringify(counter.inputSchema.properties, null, 2))
for (const { property, file, line } of await manager.origin(counter).evidence()) {
  console.log(`  ${property}: ${file}, line ${line}`)
}

// A request of the skill is no grant: the policy of a run holds only what you give.
const asked = manager.skill('weather').runtime
const withoutGrant = explainPolicy(manager.policy('weather')).find(({ topic }) => topic === 'network')
console.log(
  `\nweather asks for ${JSON.stringify(asked.network)}; without a grant it gets: ${withoutGrant?.text}`,
)

// A call as a model makes it. The answer is words for the model, and the whole result for you.
const path = resolve('shopping.txt')
const call = { name: 'line-counter', arguments: JSON.stringify({ path, skip_empty: true }) }
const refused = await answerCall(manager, call)
console.log(`\nWithout a grant, the model is told:\n${refused.content}`)

const granted = await answerCall(manager, call, { allowRead: [path], timeoutMs: 5_000 })
console.log(`\nWith allowRead: ${granted.content.trim()}`)
if (granted.result?.status === 'completed') {
  console.log(`in ${granted.result.isolation.backend}, exit status ${granted.result.exitCode}`)
}
