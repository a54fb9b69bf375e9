import { rmSync } from 'node:fs'

export const removeTree = (path: string): void => rmSync(path, { recursive: true, force: true })
