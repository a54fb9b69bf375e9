/** Asks the person at the terminal; only where stdin and stderr are one. */
export async function question(text: string): Promise<string> {
  const { createInterface } = await import('node:readline/promises')
  const prompt = createInterface({ input: process.stdin, output: process.stderr })
  try {
    return await prompt.question(text)
  } finally {
    prompt.close()
  }
}
