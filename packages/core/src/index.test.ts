import { expect, test } from 'vitest'
import * as core from './index.js'

test('the public values of the package are exactly these', () => {
  expect(Object.keys(core).sort()).toMatchInlineSnapshot(`
    [
      "DEFAULT_LIMITS",
      "DEFAULT_SANDBOX_LEVEL",
      "SkillLiteError",
      "SkillManager",
      "answerCall",
      "answerCommand",
      "approvalNeeded",
      "approvalsFile",
      "availableSkillsBlock",
      "cachedEnvironments",
      "defineConfig",
      "describeEnd",
      "discoverSkills",
      "examineSandboxes",
      "explainPolicy",
      "findInterpreter",
      "inTurn",
      "isAtLeast",
      "loadSkill",
      "parseSuppressions",
      "projectSkillDirectories",
      "pruneEnvironments",
      "quote",
      "readResource",
      "scanReportSarif",
      "scanReportText",
      "scanRules",
      "scanSkill",
      "sessionApprovals",
      "severities",
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
