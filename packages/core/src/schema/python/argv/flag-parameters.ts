import type { Parameter } from '../../parameter.js'
import { jsonDefault } from '../argparse/action-default.js'
import type { UsageWord } from '../usage-line.js'
import { cleanName } from './argument-names.js'
import type { ArgvReading, ReadFlag } from './words-read.js'

/** The flags that a script looks for itself. */
export function flagParameters(reading: ArgvReading, usage: readonly UsageWord[]): Parameter[] {
  const letters = new Map(reading.getopt?.letters)
  const parameters = reading.flags.map((flag): Parameter => {
    for (const spelling of flag.spellings) {
      if (letters.get(spelling) === true) flag.takesValue = true
      letters.delete(spelling)
    }
    return flagParameter(flag, usage, reading.getopt !== undefined)
  })
  for (const [flag, takesValue] of letters) {
    if (flag === '-h') continue
    const { file, line } = reading.loop ?? { file: '', line: 1 }
    parameters.push(flagParameter({ ...EMPTY_FLAG, spellings: [flag], takesValue, file, line }, usage, true))
  }
  return parameters
}

const EMPTY_FLAG: Omit<ReadFlag, 'spellings' | 'takesValue' | 'file' | 'line'> = {
  joined: false,
  separate: true,
  repeats: false,
  type: 'string',
  default: undefined,
  choices: new Set(),
}

function flagParameter(flag: ReadFlag, usage: readonly UsageWord[], parsed: boolean): Parameter {
  const spelling = flag.spellings.toSorted((a, b) => b.length - a.length)[0] ?? ''
  const said = usage.find((word) => word.flag !== undefined && flag.spellings.includes(word.flag))
  const takesValue = flag.takesValue || said?.takesValue === true
  const shared = {
    name: cleanName(spelling.replace(/^-+/, '')),
    required: said !== undefined && !said.optional && takesValue && flag.default === undefined,
    file: flag.file,
    line: flag.line,
  }
  if (!takesValue) {
    return {
      ...shared,
      required: false,
      type: 'boolean',
      default: false,
      places: [{ ...lone(spelling), when: true }],
    }
  }
  const choices = flag.choices.size > 1 ? [...flag.choices] : undefined
  const kind = {
    type: flag.type,
    ...(choices === undefined ? {} : { choices }),
    ...(flag.repeats ? { list: {} } : {}),
  }
  const fallback = jsonDefault(flag.default, kind)
  return {
    ...shared,
    ...kind,
    ...(fallback === undefined ? {} : { default: fallback }),
    places: [
      {
        ...{
          kind: 'flag',
          flag: spelling,
          takes: 'one',
          form: parsed ? 'auto' : flag.joined && !flag.separate ? 'joined' : 'separate',
        },
        ...(flag.repeats ? { each: true } : {}),
      },
    ],
  }
}

const lone = (flag: string) => ({ kind: 'flag', flag, takes: 'nothing', form: 'separate' }) as const
