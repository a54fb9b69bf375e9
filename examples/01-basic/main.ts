import { SkillManager } from 'skilllite'

const manager = await SkillManager.load({ skillsDir: '../../skills' })
const result = await manager.run('calculator', { operation: 'multiply', a: 15, b: 27 })

if (result.status === 'completed' && result.exitCode === 0) {
  console.log(result.output)
  console.log(`isolated by ${result.isolation.backend} in ${result.usage.wallMs.toFixed(0)} ms`)
} else {
  console.error(result.status === 'completed' ? result.stderr : result.status)
  process.exitCode = 1
}
