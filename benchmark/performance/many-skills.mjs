import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'

/**
 * Writes skills as they are met in public: instructions, a reference, a script of some 150 lines with an argument parser
 * of eight arguments, and a module beside it. No two have the same code.
 */
export function writeManySkills(directory, count) {
  for (let number = 0; number < count; number++) {
    for (const [file, text] of Object.entries(skillFiles(number))) {
      const target = path.join(directory, nameOf(number), file)
      mkdirSync(path.dirname(target), { recursive: true })
      writeFileSync(target, text)
    }
  }
}

const nameOf = (number) => `skill-${String(number).padStart(4, '0')}`
const repeat = (count, line) => Array.from({ length: count }, (_, i) => line(i)).join('')

const skillFiles = (number) => ({
  'SKILL.md': `---
name: ${nameOf(number)}
description: Converts files of kind ${number}. Use it when files of kind ${number} are to be read, checked or changed.
---

# Kind ${number}

${repeat(40, () => 'Say what is in the file before you change it, and keep what was there.\n')}
Run \`python scripts/main.py in.txt out.txt --limit 5\`; more is in references/guide.md.
`,
  'references/guide.md': repeat(100, (i) => `Rule ${i} for kind ${number}.\n`),
  'scripts/main.py': script(number),
  'scripts/reading.py': repeat(20, (i) => `def read_${i}(text):\n    return text.split("${number}")\n\n`),
})

const types = ['int', 'float', 'str']

const script = (number) => `#!/usr/bin/env python3
"""Converts files of kind ${number}."""
import argparse
from reading import read_0

${repeat(
  20,
  (i) => `def step_${i}(text):
    """Does step ${i}."""
    found = read_0(text)
    for part in found:
        if len(part) % 2 == ${i % 2}:
            found.append(part + "${number}")
    return found

`,
)}
def main():
    parser = argparse.ArgumentParser(description="Converts files of kind ${number}")
    parser.add_argument("input", help="File to read")
    parser.add_argument("output", nargs="?", help="File to write")
${repeat(6, (i) => `    parser.add_argument("--option-${i}", type=${types[i % 3]}, help="Option ${i}")\n`)}
    args = parser.parse_args()
    print(step_0(args.input))


if __name__ == "__main__":
    main()
`
