import type { Parameter, ScriptInterface } from '../../parameter.js'
import { annotationType } from '../annotation-type.js'
import { jsonDefault } from '../argparse/action-default.js'
import type { JsonMember, JsonReading } from './json-members.js'

/** What a script takes that reads one JSON object from stdin. */
export function jsonInterface(reading: JsonReading): ScriptInterface | undefined {
  if (!reading.used) return undefined
  const parameters = [...reading.members.values()].map(memberParameter)
  // Nothing known of what is in it: then anything may be.
  return { kind: 'stdin-json', parameters, wholeStdin: true, open: reading.open || parameters.length === 0 }
}

/** One member as a parameter without a place on the command line. */
export function memberParameter(member: JsonMember): Parameter {
  const said = annotationType(member.annotation)
  const type = said.type === 'any' && said.list !== true ? member.type : said.type
  const isList = said.list === true || type === 'array'
  const scalar = isList ? (said.list === true ? said.type : (member.items ?? 'any')) : type
  const choices =
    said.choices ?? (member.choices.size > 1 && scalar === 'string' ? [...member.choices] : undefined)
  const kind = {
    type: scalar,
    ...(choices === undefined ? {} : { choices }),
    ...(isList ? { list: {} } : {}),
  }
  const fallback = jsonDefault(member.default, kind)
  return {
    name: member.name,
    ...kind,
    ...(fallback === undefined ? {} : { default: fallback }),
    required: member.required && said.optional !== true,
    file: member.file,
    line: member.line,
    places: [],
  }
}
