import { textOf } from '../format-text.js'
import { iterate } from '../iterate.js'
import { isObject, type PyValue } from '../values.js'
import type { ActionModel } from './parser-model.js'

type Shown = Pick<ActionModel, 'help' | 'choices' | 'dest' | 'metavar' | 'nargs' | 'type'>

/** The help of an argument as argparse prints it: `%(default)s` and the like are filled in. */
export function helpText(action: Shown, fallback: PyValue | undefined): string | undefined {
  if (typeof action.help !== 'string') return undefined
  const text = action.help.replace(
    /%(?:\((\w+)\)[-+ #0]*\d*(?:\.\d+)?[a-zA-Z]|%)/g,
    (whole, name: string | undefined) => (name === undefined ? '%' : (fill(name, action, fallback) ?? whole)),
  )
  return text.trim() === '' ? undefined : text
}

function fill(name: string, action: Shown, fallback: PyValue | undefined): string | undefined {
  switch (name) {
    case 'default':
      return fallback === undefined ? 'None' : textOf(fallback)
    case 'choices': {
      const items = action.choices === undefined ? undefined : iterate(action.choices)
      const texts = items?.map(textOf)
      return texts === undefined || texts.includes(undefined) ? undefined : texts.join(', ')
    }
    case 'dest':
      return action.dest
    case 'metavar':
      return action.metavar === undefined ? undefined : textOf(action.metavar)
    case 'nargs':
      return action.nargs === undefined ? undefined : textOf(action.nargs)
    case 'type':
      return isObject(action.type, 'external') ? action.type.path.replace(/^.*\./, '') : undefined
    default:
      return undefined
  }
}
