// Everything that `lazy-scan.ts` loads, as one part of the build.
export { parseSuppressions } from './judge/suppressions.js'
export { scanReportSarif } from './report/sarif-report.js'
export { scanReportText } from './report/text-report.js'
export { ruleSources } from './rules/rules.js'
export { scanSkill } from './scan-skill.js'
