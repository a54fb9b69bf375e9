const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#x27;',
}

/** Escapes text for use between tags or in an attribute, as Python's `html.escape` does. */
export function escapeMarkup(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character)
}

/** Escapes a path for a line of its own: markup only where there is some, and no line break can make a second line of it. */
export function escapePath(path: string): string {
  return path
    .replace(/[&<>]/g, (character) => entities[character] ?? character)
    .replace(/[\p{Cc}\u2028\u2029]/gu, (character) => encodeURIComponent(character))
}
