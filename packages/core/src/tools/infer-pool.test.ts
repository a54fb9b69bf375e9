import { existsSync } from 'node:fs'
import { afterAll, describe, expect, test } from 'vitest'
import { inferScript } from '../schema/infer-script.js'
import { temporaryDirectory, temporarySkill } from '../skill/fixtures/temporary.js'
import { loadSkill } from '../skill/load.js'
import { InferPool } from './infer-pool.js'

const program = new URL('../../dist/infer-worker.js', import.meta.url)
const pool = new InferPool(2, program)
afterAll(() => pool.close())

const script = { path: 'main.py', language: 'python' } as const

function skillWith(argument: string) {
  const code = `import argparse\nparser = argparse.ArgumentParser()\nparser.add_argument('${argument}')\nparser.parse_args()\n`
  const directory = temporarySkill('s', '---\nname: s\ndescription: d\n---\n', { 'main.py': code })
  const { skill } = loadSkill(directory, 'host')
  if (skill === undefined) throw new Error('no skill')
  return skill
}

describe('InferPool', () => {
  test('finds out what this thread finds out, each answer for its own question', async () => {
    expect(existsSync(program)).toBe(true)
    const skills = Array.from({ length: 12 }, (_, n) => skillWith(n === 0 ? 'constructor' : `--name-${n}`))
    const here = []
    for (const skill of skills) here.push(await inferScript(skill, script))
    expect(await Promise.all(skills.map((skill) => pool.infer(skill, script)))).toEqual(here)
  })

  test('keeps names from code apart from inherited ones', async () => {
    const { inputSchema } = await pool.infer(skillWith('toString'), script)
    expect(Object.getPrototypeOf(inputSchema.properties)).toBeNull()
  })

  test('rejects what it was asked when its threads cannot be started or have ended', async () => {
    const broken = new InferPool(1, new URL(`file://${temporaryDirectory()}/none.js`))
    await expect(broken.infer(skillWith('a'), script)).rejects.toThrow('a thread ended')
    await expect(broken.infer(skillWith('a'), script)).rejects.toThrow('no thread is left')
    await broken.close()
  })
})
