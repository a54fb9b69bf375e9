/** Whether a text can be a path, an argument or a variable: no NUL, and no half characters, which have no bytes. */
export function isPlainText(text: string): boolean {
  return !/\0|\p{Surrogate}/u.test(text)
}
