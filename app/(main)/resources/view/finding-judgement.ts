import type { Judgement } from '@/lib/domain/finding'
import type { FindingRow } from '@/lib/domain/views'

/** The judgement as the check made it, from the row that kept it. */
export function toJudgement(row: FindingRow): Judgement {
  const { verdict, reason, evidence, severity } = row
  if (verdict !== 'unknown') return { verdict, reason, evidence, severity }
  return { verdict, reason, evidence, severity, reasonCode: row.reasonCode ?? 'api-error', ...(row.permission !== null && { permission: row.permission }) }
}
