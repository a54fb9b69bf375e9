// Public API of @skilllite/llamaindex. Every name here is a promise.
export { SkillLiteToolSpec } from './skilllite-tool-spec.js'
export type { ToolSpecOptions } from './tool-spec-options.js'
