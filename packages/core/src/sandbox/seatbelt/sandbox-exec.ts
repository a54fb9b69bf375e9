/** Never from PATH, which a stranger's directory may stand in. */
export const SANDBOX_EXEC = '/usr/bin/sandbox-exec'
