// Public API of @skilllite/langchain. Every name here is a promise.
export type { ApprovalQuestion } from './approval-question.js'
export type { InterruptOnCall, InterruptOnSkill } from './interrupt-on.js'
export { SkillLiteToolkit } from './skilllite-toolkit.js'
export type { ToolkitOptions } from './toolkit-options.js'
