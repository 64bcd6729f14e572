import { findCheck } from '@/lib/checks'
import { expiringExemptions, takeNew, type Queryable } from '@/lib/db'
import { dayMs } from '@/lib/domain/day'
import type { ExemptionRow } from '@/lib/domain/exemption'
import type { ExpiringExemption, Notice } from '@/lib/domain/notice'
import { credentialDays, dueStep, exemptionDays } from '@/lib/domain/notification'
import type { CredentialState } from './credentials'
import type { Links } from './links'

const namedMax = 20

/** The credentials that end soon or have ended, each told of once for each step. */
export async function expiringCredentials(tx: Queryable, estateId: number, states: readonly CredentialState[], links: Links, now: Date): Promise<Notice[]> {
  const due = states.flatMap(({ id, name, expiresAt, source }) => {
    const step = expiresAt === null ? null : dueStep(credentialDays, expiresAt, now)
    return expiresAt === null || step === null ? [] : [{ key: `credential ${id} ${expiresAt} ${step}`, name, expiresAt, source }]
  })
  const fresh = await takeNew(tx, estateId, due.map(({ key }) => key))
  return due.filter(({ key }) => fresh.has(key)).map(({ name, expiresAt, source }) => ({
    event: 'credential.expiring', credential: name, source, expiresAt, expired: Date.parse(expiresAt) <= now.getTime(), url: links.channels,
  }))
}

/** The exemptions in force that end soon, as one notice; null when there is nothing new to say. */
export async function exemptionNotice(tx: Queryable, estateId: number, links: Links, now: Date): Promise<Notice | null> {
  const rows = await expiringExemptions(tx, { estateId, subscriptions: 'all' }, Math.max(...exemptionDays), now)
  const due = rows.flatMap((row) => {
    const step = dueStep(stepsOf(row), row.expiresAt, now)
    return step === null ? [] : [{ key: `exemption ${row.source?.id.toLowerCase() ?? row.id} ${row.expiresAt} ${step}`, row }]
  })
  const byKey = Map.groupBy(due, ({ key }) => key)
  const fresh = await takeNew(tx, estateId, [...byKey.keys()])
  const told = [...byKey].flatMap(([key, same]) => (fresh.has(key) ? [same.map(({ row }) => row)] : []))
  if (told.length === 0) return null
  return { event: 'exemption.expiring', total: told.length, url: links.exemptions, exemptions: told.slice(0, namedMax).flatMap(toExpiring) }
}

/** One exemption from its rows: one of Azure Policy has a row for each check that it stands for. */
function toExpiring(rows: readonly (ExemptionRow & { expiresAt: string })[]): ExpiringExemption[] {
  const checks = [...new Set(rows.map((row) => row.check))]
  return rows.slice(0, 1).map(({ id, scope, tag, check, reason, expiresAt }) => ({
    id, scope, tag, checkTitle: check === null ? null : (findCheck(check)?.title ?? check), moreChecks: checks.length - 1, reason, expiresAt,
  }))
}

/** Whoever approved an exemption of ten days knows that it ends within fourteen. */
function stepsOf({ approvedAt, expiresAt }: Pick<ExemptionRow, 'approvedAt'> & { expiresAt: string }): number[] {
  return exemptionDays.filter((days) => approvedAt !== null && Date.parse(approvedAt) <= Date.parse(expiresAt) - days * dayMs)
}
