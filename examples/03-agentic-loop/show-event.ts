import type { LoopEvent } from 'skilllite'

const boxes = { open: '[ ]', doing: '[~]', done: '[x]' }

/** Prints what happens while it happens. */
export function showEvent(event: LoopEvent): void {
  // the event 'plan' shows what came of it
  if ((event.type === 'tool-call' || event.type === 'tool-result') && event.name === 'update_plan') return
  switch (event.type) {
    case 'text':
      process.stdout.write(event.text)
      break
    case 'plan':
      console.log(`\n${event.tasks.map(({ title, status }) => `${boxes[status]} ${title}`).join('\n')}`)
      break
    case 'tool-call':
      console.log(`\n→ ${event.name} ${event.arguments}`)
      break
    case 'tool-result':
      console.log(`← ${event.name}: ${event.content.trim()}`)
      break
    case 'approval':
      console.log(`\n${event.report}`)
      break
    case 'retry':
      console.log(`\n(${event.reason}; asked again in ${event.delayMs} ms)`)
      break
    case 'done':
      console.log(`\n(${event.result.stop} after ${event.result.usage.requests} requests)`)
  }
}
