export async function command(): Promise<number> {
  throw new Error('prompt')
}
