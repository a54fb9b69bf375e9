/** Why a file may not be made by a run or a model: in a project, it would decide what later runs are granted, or run as code. */
export function decidingFile(name: string): string | undefined {
  return /(^|\/)(skilllite\.config\.[^/]*|\.env[^/]*|\.skilllite(\/.*)?|\.git(\/.*)?)$/i.test(name)
    ? 'a file of that name would decide what later runs may do'
    : undefined
}
