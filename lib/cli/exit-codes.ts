/** The exit codes of CONTRACT. */
export const exitCode = { done: 0, failed: 1, partial: 2, usage: 64 } as const
