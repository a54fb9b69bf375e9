// Public API of @skilllite/core. Every name here is a promise.
export { type AnswerOptions, answerCall, type ModelCall } from './answer/answer-call.js'
export { answerCommand, type CommandAnswerOptions, type ModelCommand } from './answer/answer-command.js'
export type { ModelAnswer } from './answer/answer-in-words.js'
export { approvalNeeded } from './answer/approval-needed.js'
export { describeEnd } from './answer/describe-end.js'
export { inTurn } from './answer/in-turn.js'
export { type ConfigGrants, defineConfig, type SkillLiteConfig } from './config/config.js'
export { type ErrorCode, quote, SkillLiteError } from './errors.js'
export type { CachedEnvironment, Pruned } from './install/cached-environments.js'
export { cachedEnvironments, pruneEnvironments } from './install/lazy-cache.js'
export type { LockEntry } from './install/lock-file.js'
export type { LockedSkill, LockRunOptions } from './install/lock-skill.js'
export type { Pin } from './install/pin.js'
export type { ScriptDependencies } from './install/skill-dependencies.js'
export type { LoadProgress } from './load-catalog.js'
export { type LoadOptions, SkillManager } from './manager.js'
export type { NetworkAttempt } from './network/network-attempt.js'
export { DEFAULT_LIMITS } from './policy/default-limits.js'
export { explainPolicy, type PolicyLine } from './policy/explain-policy.js'
export type { OptionOrigins } from './policy/option-layers.js'
export { DEFAULT_SANDBOX_LEVEL, type PolicyOptions } from './policy/policy-options.js'
export type { PolicyLimits, SandboxLevel, SandboxPolicy } from './policy/sandbox-policy.js'
export type { SecretProvider, Secrets } from './policy/secrets.js'
export type {
  DependencyOptions,
  InstallProgress,
  InstallRequest,
} from './runtime/dependencies/dependency-options.js'
export { findInterpreter } from './runtime/find-interpreter.js'
export type { Interpreter, InterpreterName } from './runtime/interpreter.js'
export type { RuntimeMount } from './runtime/runtime-mount.js'
export type { Backend } from './sandbox/backend.js'
export {
  examineSandboxes,
  type SandboxBackend,
  type SandboxExamination,
  type SandboxLayer,
} from './sandbox/examine-sandboxes.js'
export type { LeftOut, RunEnd, SandboxReport, SandboxViolation, Usage } from './sandbox/report.js'
export type {
  Approval,
  ApprovalRequest,
  CommandOptions,
  ExecOptions,
  RunOptions,
  RunProgress,
} from './sandbox/run-options.js'
export type {
  Artifact,
  CompletedRun,
  Isolation,
  NeedsApprovalRun,
  RefusedRun,
  RunResult,
  Violation,
} from './sandbox/run-result.js'
export { skillboxPath } from './sandbox/skillbox-binary.js'
export type { SandboxSpec, SpecLimits, SpecMount, SpecNetwork, SpecOutput } from './sandbox/spec.js'
export { type ApprovalMemory, approvalsFile, sessionApprovals } from './scan/approval-memory.js'
export type { Category, Finding, ScanReport, Severity, SuppressedFinding } from './scan/finding.js'
export { isAtLeast, severities } from './scan/finding.js'
export type { Suppression } from './scan/judge/suppressions.js'
export { parseSuppressions, scanReportSarif, scanReportText, scanRules, scanSkill } from './scan/lazy-scan.js'
export type { TextReportOptions } from './scan/report/text-report.js'
export type { RuleSource } from './scan/rules/rule.js'
export type { ScanOptions } from './scan/scan-skill.js'
export type { EvidenceKind, PropertyEvidence } from './schema/inference.js'
export { skillContentBlock } from './skill/activation.js'
export { type AvailableSkills, availableSkillsBlock } from './skill/catalog.js'
export { skillDigest } from './skill/digest.js'
export {
  type DiscoverOptions,
  type DiscoverResult,
  discoverSkills,
  projectSkillDirectories,
  type ShadowedSkill,
  userSkillDirectories,
} from './skill/discover.js'
export { type LoadResult, loadSkill } from './skill/load.js'
export { readResource } from './skill/resources.js'
export type {
  Diagnostic,
  RuntimeDeclaration,
  SkillInfo,
  SkillMetadata,
  SkillScript,
} from './skill/skill-info.js'
export { validateSkill } from './skill/validate.js'
export type { ActivationTool } from './tools/activation-tools.js'
export type { Coercion } from './tools/coerce-arguments.js'
export type { CommandTool } from './tools/command-tool.js'
export type { ToolOrigin } from './tools/define-tools.js'
export { type Describable, type OpenAiTool, toJsonSchema, toOpenAiTool } from './tools/export-tools.js'
export type { OfferedTool, OwnTool } from './tools/own-tools.js'
export type { ToolsOptions } from './tools/select-tools.js'
export { toZod, type ZodLike } from './tools/to-zod.js'
export type { ArgvPlan, JsonSchema, ToolDefinition } from './tools/tool-definition.js'
export type { WorkspaceOption } from './tools/workspace/open-workspace.js'
export type { WorkspaceTool } from './tools/workspace/workspace-tools.js'
