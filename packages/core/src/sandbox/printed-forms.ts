/** The forms in which programs commonly print a value of at least six characters. */
export function printedForms(value: string): ReadonlySet<string> {
  const bytes = Buffer.from(value)
  const hex = bytes.toString('hex')
  return new Set([
    value,
    ...jsonForms(value),
    ...urlForms(value),
    hex,
    hex.toUpperCase(),
    ...base64Forms(bytes),
  ])
}

function jsonForms(value: string): readonly string[] {
  const json = JSON.stringify(value).slice(1, -1)
  const ascii = json.replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
  return [json, ascii].flatMap((form) => [form, form.replaceAll('/', '\\/')])
}

/** With and without what some programs leave as it is, for a path and for a form, `%xx` in either case. */
function urlForms(value: string): readonly string[] {
  // Half of a surrogate pair cannot be encoded: it becomes the replacement character, as everywhere in UTF-8.
  const loose = encodeURIComponent(Buffer.from(value).toString())
  const strict = loose.replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
  return [loose, strict]
    .flatMap((form) => [form, form.replaceAll('%2F', '/')])
    .flatMap((form) => [form, form.replaceAll('%20', '+')])
    .flatMap((form) => [form, form.replace(/%../g, (code) => code.toLowerCase())])
}

/**
 * Alone, and as a part of a longer text: behind a number of bytes that leaves 0, 1 or 2 when divided by 3. There, the
 * characters at the edges that hold bits of its neighbours are left out; of six bytes at least seven characters remain.
 */
function base64Forms(value: Buffer): readonly string[] {
  return (['base64', 'base64url'] as const).flatMap((alphabet) => [
    value.toString(alphabet),
    ...[0, 1, 2].map((before) => {
      const bytes = Buffer.concat([Buffer.alloc(before), value])
      // Six bits a character.
      const from = Math.ceil((before * 8) / 6)
      return bytes.toString(alphabet).slice(from, Math.floor((bytes.length * 8) / 6))
    }),
  ])
}
