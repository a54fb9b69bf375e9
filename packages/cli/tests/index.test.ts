import * as core from '@skilllite/core'
import { expect, test } from 'vitest'
import * as skilllite from '../dist/index.js'

test('the package re-exports the whole engine, and the very same one', () => {
  expect({ ...skilllite }).toEqual({ ...core })
})
