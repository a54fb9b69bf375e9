/** Data files: the build turns them into JSON, so that nothing parses YAML when a scan starts. */
declare module '*/hosts.yml' {
  const data: Readonly<Record<string, readonly string[]>>
  export default data
}

declare module '*.rules.yml' {
  const data: readonly import('./rules/rule.js').RuleSource[]
  export default data
}
