import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { SkillManager } from 'skilllite'
import { describe, expect, test } from 'vitest'
import { failure, python, run, skillsDirectory } from './run-script.js'

const data = readFileSync(join(skillsDirectory, 'data-analyzer/assets/sales.csv'), 'utf8')
const withPandas = process.env.SKILLLITE_TEST_PANDAS_PYTHON ?? python

function hasPandas(): boolean {
  try {
    execFileSync(withPandas, ['-c', 'import pandas'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

test('data-analyzer names the missing package where pandas is not installed', async () => {
  // -S leaves installed packages out
  const end = await run([python, '-S', 'scripts/main.py'], 'data-analyzer', { operation: 'describe', data })
  expect(end).toEqual(
    failure(
      'the Python package pandas is not installed: this skill declares pandas ' +
        '(in the script block of scripts/main.py and in SKILL.md under Runtime) and cannot work without it',
    ),
  )
})

describe.skipIf(!hasPandas())(
  'data-analyzer with pandas (SKILLLITE_TEST_PANDAS_PYTHON names a Python that has it)',
  () => {
    function analyze(input: object) {
      return run([withPandas, 'scripts/main.py'], 'data-analyzer', { data, ...input })
    }

    test.each([
      [
        { operation: 'describe', columns: ['units'] },
        [{ column: 'units', type: 'number', mean: 115, median: 115 }],
      ],
      [
        { operation: 'head', columns: ['region'], limit: 1 },
        { rows: [{ region: 'north' }], total: 6, truncated: true },
      ],
      [
        {
          operation: 'filter',
          columns: ['units'],
          where: [
            { column: 'units', operator: '>', value: 100 },
            { column: 'region', operator: '==', value: 'south' },
          ],
        },
        { rows: [{ units: 110 }], total: 1 },
      ],
      [
        { operation: 'group', by: ['region'], columns: ['units'], aggregate: 'sum' },
        {
          rows: [
            { region: 'north', rows: 3, sum_units: 405 },
            { region: 'south', rows: 3, sum_units: 285 },
          ],
        },
      ],
      [
        { operation: 'count_values', columns: ['region'] },
        { rows: [{ region: 'north', count: 3 }, { count: 3 }] },
      ],
      [
        { operation: 'sort', by: ['units'], columns: ['units'], descending: true, limit: 1 },
        { rows: [{ units: 150 }] },
      ],
      [{ operation: 'correlate', columns: ['units', 'price'] }, [{ coefficient: -0.047673, rows: 6 }]],
    ])('answers %j', async (input, result) => {
      const end = await analyze(input)
      expect(end).toMatchObject({ code: 0, stderr: '', output: { operation: input.operation, result } })
    })

    test.each([
      [
        { operation: 'group', by: ['regio'] },
        'there is no column "regio"; there are: month, region, units, price, returns',
      ],
      [{ operation: 'correlate', columns: ['region'] }, 'correlate needs two numeric columns, found 0'],
      [
        { operation: 'describe', data: '{"a":[1,2],"b":[1]}' },
        'data is not a table: All arrays must be of the same length',
      ],
      [{ operation: 'head', file: 'assets/sales.csv' }, 'give either data or file, not both'],
      [
        { operation: 'head', data: undefined },
        'there is no table: data must be its text, or file the path of one',
      ],
      [
        { operation: 'head', data: undefined, file: 'missing.csv' },
        'the file missing.csv cannot be read: No such file or directory',
      ],
    ])('refuses %j in one line', async (input, message) => {
      expect(await analyze(input)).toEqual(failure(message))
    })

    test("reads the user's own table in the sandbox, where the host grants the files of arguments", async () => {
      const directory = realpathSync(mkdtempSync(join(tmpdir(), 'table-')))
      const before = process.env.PATH
      process.env.PATH = `${dirname(withPandas)}:${before}`
      try {
        writeFileSync(join(directory, 'mine.csv'), 'a;b\n1;2\n3;4\n')
        const manager = await SkillManager.load({
          skillsDir: skillsDirectory,
          cwd: directory,
          memoryMb: 1024,
        })
        const args = { operation: 'head', file: 'mine.csv' }
        expect(await manager.run('data-analyzer', args, { files: 'arguments' })).toMatchObject({
          exitCode: 0,
          output: { read: { rows: 2, columns: ['a', 'b'] } },
        })
        expect(await manager.run('data-analyzer', args)).toMatchObject({ exitCode: 1 })
      } finally {
        process.env.PATH = before
        rmSync(directory, { recursive: true })
      }
    })
  },
)
