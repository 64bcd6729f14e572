import { randomUUID } from 'node:crypto'
import { scopeKey } from '@/lib/domain/exemption'
import type { ImportedExemption, UnmappedExemption } from '@/lib/domain/policy-exemption'
import type { Viewer } from '@/lib/domain/viewer'
import type { Database, Queryable } from './client'
import { toText } from './json'

/** Who ended what is no longer in Azure Policy. */
const azurePolicy = 'Azure Policy'

export interface PolicyExemptionsRead {
  imported: readonly ImportedExemption[]
  unmapped: readonly UnmappedExemption[]
  /** The subscriptions (lower case) whose exemptions were read: what is missing elsewhere has not ended. */
  subscriptions: ReadonlySet<string>
  /** What could not be read, in a sentence; null: nothing. */
  problem: string | null
}

/** Stores the exemptions of Azure Policy as just read: in force as long as they stand there, and marked as theirs. */
export async function savePolicyExemptions(db: Database, estateId: number, { imported, unmapped, subscriptions, problem }: PolicyExemptionsRead, now = new Date()): Promise<void> {
  const wasRead = ({ scope }: { scope: string }): boolean => {
    const subscription = /^\/subscriptions\/([^/]+)/.exec(scope)?.[1]
    return subscription === undefined ? problem === null : subscriptions.has(subscription)
  }
  await db.$transaction(async (tx) => {
    const before = new Map((await tx.exemption.findMany({ where: { estateId, sourceId: { not: null } } })).map((row) => [`${row.sourceId} ${row.check}`, row]))
    for (const { source, check, resourceTypes } of imported) {
      const known = before.get(`${toText(source.id).toLowerCase()} ${check}`)
      const data = {
        scope: toText(scopeKey(source.scope)), category: source.category, resourceTypes: [...resourceTypes], sourceName: toText(source.name), reason: toText(source.description ?? source.name),
        requestedBy: toText(source.requestedBy ?? azurePolicy), approvedBy: toText(source.approvedBy ?? azurePolicy), expiresAt: source.expiresAt === null ? null : new Date(source.expiresAt),
        endedAt: null, endedBy: null,
      }
      if (known === undefined) {
        await tx.exemption.create({ data: { ...data, id: randomUUID(), estateId, sourceId: toText(source.id).toLowerCase(), check, requestedAt: now, approvedAt: now } })
      } else {
        before.delete(`${known.sourceId} ${known.check}`)
        await tx.exemption.update({ where: { id: known.id }, data })
      }
    }
    const gone = [...before.values()].filter((row) => row.endedAt === null && wasRead(row)).map((row) => row.id)
    await tx.exemption.updateMany({ where: { id: { in: gone } }, data: { endedAt: now, endedBy: azurePolicy } })
    const replaced = (await tx.unmappedExemption.findMany({ where: { estateId } })).filter(wasRead).map((row) => row.sourceId)
    await tx.unmappedExemption.deleteMany({ where: { estateId, sourceId: { in: replaced } } })
    await tx.unmappedExemption.createMany({
      data: unmapped.map((row) => ({
        ...row, estateId, sourceId: toText(row.sourceId).toLowerCase(), sourceName: toText(row.sourceName), scope: toText(scopeKey(row.scope)), what: toText(row.what),
        expiresAt: row.expiresAt === null ? null : new Date(row.expiresAt),
      })),
      skipDuplicates: true,
    })
    await tx.estate.update({ where: { id: estateId }, data: { exemptionsReadAt: now, exemptionsProblem: problem === null ? null : toText(problem) } })
  })
}

export interface PolicyExemptionsState {
  /** ISO 8601 UTC; null: not yet. */
  readAt: string | null
  problem: string | null
  /** By name; those of the whole estate, so for viewers who see all of it. */
  unmapped: UnmappedExemption[]
}

/** How the last reading of Azure Policy went, and what of it stands for no check. */
export async function getPolicyExemptions(db: Queryable, viewer: Viewer): Promise<PolicyExemptionsState> {
  const estate = await db.estate.findUniqueOrThrow({ where: { id: viewer.estateId }, select: { exemptionsReadAt: true, exemptionsProblem: true } })
  const rows = viewer.subscriptions === 'all'
    ? await db.unmappedExemption.findMany({ where: { estateId: viewer.estateId }, orderBy: [{ sourceName: 'asc' }, { sourceId: 'asc' }, { what: 'asc' }] }) : []
  return {
    readAt: estate.exemptionsReadAt?.toISOString() ?? null, problem: estate.exemptionsProblem,
    unmapped: rows.map(({ sourceId, sourceName, scope, category, expiresAt, what, why }) => ({
      sourceId, sourceName, scope, category: category === 'mitigated' ? 'mitigated' : 'waived', expiresAt: expiresAt?.toISOString() ?? null, what, why,
    })),
  }
}
