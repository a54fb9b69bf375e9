import { expect, test } from 'vitest'
import * as core from './index.js'

test('the public values of the package are exactly these', () => {
  expect(Object.keys(core).sort()).toMatchInlineSnapshot(`
    [
      "DEFAULT_LIMITS",
      "DEFAULT_SANDBOX_LEVEL",
      "SkillLiteError",
      "SkillManager",
      "availableSkillsBlock",
      "discoverSkills",
      "examineSandboxes",
      "explainPolicy",
      "findInterpreter",
      "loadSkill",
      "projectSkillDirectories",
      "quote",
      "readResource",
      "skillContentBlock",
      "skillDigest",
      "skillboxPath",
      "toJsonSchema",
      "toOpenAiTool",
      "toZod",
      "userSkillDirectories",
      "validateSkill",
    ]
  `)
})
