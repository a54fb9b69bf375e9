/** Which Pythons will do. */
export interface PythonWish {
  /** Version specifiers that must all hold, as in `>=3.9,<4`. */
  readonly specifiers: readonly string[]
  /** Where they are declared, in words. */
  readonly place: string
}
