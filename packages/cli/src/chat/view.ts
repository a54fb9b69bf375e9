import type { LoopEvent, PlanTask } from '@skilllite/openai'
import { VisibleStream, visible, visibleLine } from '../terminal/escape.js'
import { tell, writeStdout } from '../terminal/output.js'
import { styleFor } from '../terminal/style.js'
import { Spinner } from './spinner.js'

const RESULT_LINES = 6
const LINE_CHARACTERS = 160
const boxes: Readonly<Record<PlanTask['status'], string>> = { done: '[x]', doing: '[>]', open: '[ ]' }

/**
 * Shows on a terminal what happens in a loop. What came from a model or a skill is shown with its control characters
 * visible, and behind a mark of its own, so that it cannot pass for words of this command.
 */
export class View {
  readonly #spinner = new Spinner()
  readonly #style = styleFor(2)
  #text = new VisibleStream()
  #atLineStart = true
  /** Names of the tools that are running, by the ids of their calls. */
  readonly #running = new Map<string, string>()
  #severalCalls = false

  readonly show = (event: LoopEvent): void => {
    switch (event.type) {
      case 'request':
        this.wait()
        break
      case 'text':
        this.#print(this.#text.write(Buffer.from(event.text)))
        break
      case 'tool-call':
        this.#endText()
        this.#severalCalls = this.#running.size > 0
        this.#running.set(event.id, event.name)
        this.#line(`${this.#style.bold(`* ${visibleLine(event.name)}`)} ${cut(visibleLine(event.arguments))}`)
        this.wait()
        break
      case 'tool-result':
        this.#running.delete(event.id)
        this.#showResult(event)
        this.wait()
        break
      case 'plan':
        this.#endText()
        for (const { title, status } of event.tasks)
          this.#line(`  ${boxes[status]} ${cut(visibleLine(title))}`)
        break
      case 'retry':
        this.#endText()
        this.#line(
          this.#style.yellow(`(${cut(visibleLine(event.reason))}; again in ${seconds(event.delayMs)} s)`),
        )
        this.wait()
        break
      case 'approval':
        this.#endText()
        break
      case 'done':
        this.#running.clear()
        this.#endText()
        break
      case 'reasoning':
      case 'usage':
        break
    }
  }

  /** Shows that something is being waited for. */
  wait(): void {
    if (!this.#atLineStart) return
    const running = [...this.#running.values()].map(visibleLine)
    this.#spinner.start(running.length === 0 ? 'Thinking' : `Running ${running.join(', ')}`)
  }

  /** Ends whatever is being shown: nothing more comes. */
  end(): void {
    this.#running.clear()
    this.#endText()
  }

  #showResult({ name, content, isError }: LoopEvent & { type: 'tool-result' }): void {
    this.#endText()
    const lines = visible(content).trimEnd().split(/\r?\n/)
    const mark = isError ? this.#style.red('!') : this.#style.dim('|')
    if (this.#severalCalls) this.#line(`  ${mark} ${visibleLine(name)}:`)
    for (const line of lines.slice(0, RESULT_LINES)) this.#line(`  ${mark} ${cut(line)}`)
    const more = lines.length - RESULT_LINES
    if (more > 0) this.#line(this.#style.dim(`  ${mark} … ${more} more ${more === 1 ? 'line' : 'lines'}`))
  }

  #print(text: string): void {
    if (text === '') return
    this.#spinner.stop()
    writeStdout(text)
    this.#atLineStart = text.endsWith('\n')
  }

  #endText(): void {
    this.#print(this.#text.end())
    this.#text = new VisibleStream()
    this.#spinner.stop()
    if (!this.#atLineStart) writeStdout('\n')
    this.#atLineStart = true
  }

  #line(text: string): void {
    this.#spinner.stop()
    tell(text)
  }
}

function cut(line: string): string {
  return line.length > LINE_CHARACTERS ? `${[...line].slice(0, LINE_CHARACTERS - 1).join('')}…` : line
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(1)
}
