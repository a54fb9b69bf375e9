/** Lines that come closer together than this were pasted as one. */
const PASTE_MS = 20

/**
 * Asks on the terminal, and gives what is written: one line, or the lines that were pasted together. Undefined where the
 * input ended. Ctrl-C does what it does elsewhere: it sends SIGINT, and there is no answer.
 *
 * @param history Earlier lines, newest first, for the arrow keys; what is written is added
 */
export async function ask(question: string, history?: string[]): Promise<string | undefined> {
  const { createInterface } = await import('node:readline')
  // one for each question: between them the terminal works as usual, with Ctrl-C
  const prompt = createInterface({
    input: process.stdin,
    output: process.stderr,
    prompt: question,
    ...(history === undefined
      ? { historySize: 0 }
      : { history: [...history], removeHistoryDuplicates: true }),
  })
  return new Promise((resolve) => {
    const lines: string[] = []
    prompt.on('history', (known) => history?.splice(0, history.length, ...known))
    prompt.on('line', (line) => {
      if (lines.push(line) === 1) setTimeout(() => prompt.close(), PASTE_MS)
    })
    prompt.on('SIGINT', () => {
      lines.length = 0
      prompt.close()
      process.kill(process.pid, 'SIGINT')
    })
    prompt.on('close', () => resolve(lines.length === 0 ? undefined : lines.join('\n')))
    prompt.prompt()
  })
}
