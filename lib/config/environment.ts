// What is asked of the environment where no configuration is at hand.

/** True when people want to see more of what goes on. */
export function isDebugging(): boolean {
  return Boolean(process.env.KEYPOINT_DEBUG)
}

/** The database of this process; null when none is named. `keypoint serve` names its own to the web process. */
export function databaseUrl(): string | null {
  return process.env.DATABASE_URL || null
}

/** What tells this web process from another that answers at its address; empty when `keypoint serve` did not start it. */
export function instanceName(): string {
  return process.env.KEYPOINT_INSTANCE ?? ''
}
