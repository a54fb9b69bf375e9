/** A JSON Schema (2020-12) of type `object`. */
export type JsonSchema = Readonly<Record<string, unknown>>
