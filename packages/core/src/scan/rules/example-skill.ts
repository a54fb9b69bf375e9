import type { Collected, CollectedFile, CollectProblem } from '../collect/collect-files.js'
import type { ExampleSource } from './rule.js'

const plain = '---\nname: example\ndescription: An example.\n---\n\n'

/** The skill that an example of a rule stands for. */
export function exampleSkill({
  file = 'SKILL.md',
  text: start,
  repeat = '',
  times = 0,
  files = {},
}: ExampleSource): Collected {
  const text = start + Array.from({ length: times }, (_, at) => repeat.replace('$', `${at}`)).join('')
  const collected: CollectedFile[] = []
  const problems: CollectProblem[] = []
  for (const [path, content] of Object.entries({ [file]: text, ...files })) {
    if (path.startsWith('link:')) problems.push({ name: 'link-outside', path: path.slice(5), what: content })
    else {
      const whole = path === 'SKILL.md' ? plain + content : content
      collected.push({ path, bytes: Buffer.from(whole), executable: false })
    }
  }
  return { files: collected, problems }
}
