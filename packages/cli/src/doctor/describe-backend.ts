import type { SandboxBackend } from '@skilllite/core'
import { visibleLine } from '../terminal/escape.js'
import type { Style } from '../terminal/style.js'

/** A backend in lines: usable or not, each layer on or off with reason and fix, and what it cannot promise. */
export function describeBackend(backend: SandboxBackend, style: Style): string[] {
  const usable = backend.usable ? style.green('usable') : style.red('not usable')
  const width = Math.max(0, ...backend.layers.map((layer) => layer.name.length))
  return [
    `${style.bold(`Backend ${visibleLine(backend.name)}`)}: ${usable}`,
    ...backend.layers.flatMap((layer) => {
      const state = layer.on ? style.green('on ') : style.red('off')
      const reason = layer.reason === '' ? '' : `  ${visibleLine(layer.reason)}`
      const line = `  ${state}  ${visibleLine(layer.name).padEnd(width)}${reason}`.trimEnd()
      return layer.on || layer.fix === '' ? [line] : [line, `       fix: ${visibleLine(layer.fix)}`]
    }),
    ...(backend.weaker.length === 0 ? [] : ['  weaker than promised:']),
    ...backend.weaker.map((sentence) => `  - ${visibleLine(sentence)}`),
  ]
}
