/**
 * Asks on the terminal, and gives the line; undefined where the input ended. Ctrl-C does what it does elsewhere: it
 * sends SIGINT, and there is no answer.
 *
 * @param history Earlier lines, newest first, for the arrow keys; the answer is added
 */
export async function ask(question: string, history?: string[]): Promise<string | undefined> {
  const { createInterface } = await import('node:readline')
  // one for each question: between them the terminal works as usual, with Ctrl-C
  const prompt = createInterface({
    input: process.stdin,
    output: process.stderr,
    ...(history === undefined
      ? { historySize: 0 }
      : { history: [...history], removeHistoryDuplicates: true }),
  })
  return new Promise((resolve) => {
    prompt.on('history', (lines) => history?.splice(0, history.length, ...lines))
    prompt.on('SIGINT', () => {
      prompt.close()
      process.kill(process.pid, 'SIGINT')
    })
    prompt.on('close', () => resolve(undefined))
    prompt.question(question, (line) => {
      resolve(line)
      prompt.close()
    })
  })
}
