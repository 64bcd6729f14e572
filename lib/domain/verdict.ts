export const verdicts = ['pass', 'fail', 'not-applicable', 'unknown'] as const
export type Verdict = (typeof verdicts)[number]

/** Why something is `unknown`. */
export const reasonCodes = ['permission-denied', 'throttled', 'api-error', 'not-onboarded', 'unsupported'] as const
export type ReasonCode = (typeof reasonCodes)[number]

export const severities = ['critical', 'high', 'medium', 'low'] as const
export type Severity = (typeof severities)[number]

/** What one finding of a severity weighs in a score. */
export const severityWeight: Record<Severity, number> = { critical: 10, high: 6, medium: 3, low: 1 }
