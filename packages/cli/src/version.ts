import packageJson from '../package.json' with { type: 'json' }

/** Version of the command; a literal in the build. */
export const version: string = packageJson.version
