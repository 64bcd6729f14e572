import { randomUUID } from 'node:crypto'
import { dayMs } from '@/lib/domain/day'
import { exemptionDaysMax, scopeKey } from '@/lib/domain/exemption'
import { managementGroupKey } from '@/lib/domain/management-group'
import type { Policy } from '@/lib/domain/policy'
import type { ImportedExemption, PolicyExemption, UnmappedExemption } from '@/lib/domain/policy-exemption'
import type { Viewer } from '@/lib/domain/viewer'
import type { Exemption } from './generated/client'
import type { Database, Queryable } from './client'
import { noteExemptions } from './exemption-events'
import { toText } from './json'

/** Who asked for, approved and ended what stands there; people's names in it prove nothing. */
const azurePolicy = 'Azure Policy'
const longestMs = exemptionDaysMax * dayMs

export interface PolicyExemptionsRead {
  imported: readonly ImportedExemption[]
  unmapped: readonly UnmappedExemption[]
  /** Those that stand there while it could not be read what they are from: what was known of them holds. */
  unclear: readonly PolicyExemption[]
  /** The subscriptions (lower case) whose exemptions were read: what is missing elsewhere has not ended. */
  subscriptions: ReadonlySet<string>
  /** What could not be read, in a sentence; null: nothing. */
  problem: string | null
}

/**
 * Stores the exemptions of Azure Policy as just read: as long as they stand there, for the longest term at most, and marked as theirs. Where an exemption needs another
 * person, they wait for an Admin, as any other; otherwise they are in force. What a person here refused or ended stays so.
 */
export async function savePolicyExemptions(db: Database, estateId: number, read: PolicyExemptionsRead, approver: Policy['exemptionApprover'], now = new Date()): Promise<void> {
  const { imported, unmapped, unclear, problem } = read
  await db.$transaction(async (tx) => {
    const wasRead = await readOrDeleted(tx, estateId, read)
    const rows = await tx.exemption.findMany({ where: { estateId, sourceId: { not: null } } })
    const kept = keepKnown(rows, unclear)
    const gone = (await saveImported(tx, estateId, rows, [...imported, ...kept], approver === 'any-admin', now)).filter(wasRead)
    await tx.exemption.updateMany({ where: { id: { in: gone.map((row) => row.id) } }, data: { endedAt: now, endedBy: azurePolicy } })
    await noteExemptions(tx, estateId, gone.map((row) => row.sourceId ?? row.id), 'gone', { username: azurePolicy }, now)
    const known = new Set(kept.map(({ source }) => keyOf(source.id)))
    await saveUnmapped(tx, estateId, unmapped.filter((row) => !known.has(keyOf(row.sourceId))), (row) => wasRead(row) || known.has(row.sourceId))
    await tx.estate.update({ where: { id: estateId }, data: { exemptionsReadAt: now, exemptionsProblem: problem === null ? null : toText(problem) } })
  })
}

/**
 * Tells of a stored scope whether what stood there would have been seen: that of a subscription that was read, or of a management group above one, since Azure is asked
 * for subscriptions and for what is above them. Nothing stands any more where Azure said that the subscription or the group is deleted.
 */
async function readOrDeleted(tx: Queryable, estateId: number, { subscriptions, problem }: PolicyExemptionsRead): Promise<(row: { scope: string }) => boolean> {
  const [known, goneGroups] = await Promise.all([
    tx.subscription.findMany({ where: { estateId }, select: { subscriptionId: true, state: true, managementGroups: true } }),
    tx.resource.findMany({ where: { estateId, type: 'microsoft.management/managementgroups', goneSeq: { not: null } }, select: { key: true } }),
  ])
  const deleted = new Set([...known.filter(({ state }) => state === 'Deleted').map(({ subscriptionId }) => `/subscriptions/${subscriptionId}`), ...goneGroups.map(({ key }) => key)])
  const above = known.filter(({ subscriptionId }) => subscriptions.has(subscriptionId)).flatMap(({ managementGroups }) => managementGroups)
  const groups = new Set(problem === null ? above.map(managementGroupKey) : [])
  return ({ scope }) => {
    const subscription = /^\/subscriptions\/([^/]+)/.exec(scope)
    if (subscription === null) return groups.has(scope) || deleted.has(scope)
    return subscriptions.has(subscription[1] ?? '') || deleted.has(subscription[0])
  }
}

function keyOf(sourceId: string): string {
  return toText(sourceId).toLowerCase()
}

/** What is stored of exemptions for whose policies there is no answer now. */
function keepKnown(rows: readonly Exemption[], unclear: readonly PolicyExemption[]): ImportedExemption[] {
  const bySource = Map.groupBy(rows.filter((row) => row.endedAt === null), (row) => row.sourceId)
  return unclear.flatMap((source) => (bySource.get(keyOf(source.id)) ?? []).flatMap(({ check, resourceTypes }) => (check === null ? [] : [{ source, check, resourceTypes }])))
}

/** Writes what is new and what has changed, but nothing of an exemption that a person ended, for whatever checks. Returns the open rows that stand there no longer. */
async function saveImported(tx: Queryable, estateId: number, rows: readonly Exemption[], imported: readonly ImportedExemption[], trusted: boolean, now: Date): Promise<Exemption[]> {
  const left = new Map(rows.map((row) => [`${row.sourceId} ${row.check}`, row]))
  const rejected = new Set(rows.filter((row) => row.endedById !== null).map((row) => row.sourceId))
  const fresh = imported.filter(({ source, check }) => !rejected.has(keyOf(source.id)) && !left.has(`${keyOf(source.id)} ${check}`))
  const reopened: string[] = []
  const returned: string[] = []
  for (const one of imported) {
    const key = `${keyOf(one.source.id)} ${one.check}`
    const known = left.get(key)
    left.delete(key)
    if (known === undefined || rejected.has(known.sourceId)) continue
    const next = nextOf(one, known, trusted, now)
    if (known.endedAt !== null) returned.push(keyOf(one.source.id))
    else if (known.approvedAt !== null && next.approvedAt === null) reopened.push(keyOf(one.source.id))
    if (Object.entries(next).some(([name, value]) => JSON.stringify(known[name as keyof Exemption]) !== JSON.stringify(value))) await tx.exemption.update({ where: { id: known.id }, data: next })
  }
  await tx.exemption.createMany({
    data: fresh.map((one) => ({ ...nextOf(one, null, trusted, now), id: randomUUID(), estateId, sourceId: keyOf(one.source.id), check: one.check })), skipDuplicates: true,
  })
  await noteExemptions(tx, estateId, [...fresh.map(({ source }) => keyOf(source.id)), ...returned], 'imported', { username: azurePolicy }, now)
  await noteExemptions(tx, estateId, reopened, 'reopened', { username: azurePolicy }, now)
  return [...left.values()].filter((row) => row.endedAt === null)
}

/** An imported row as it is to be now. One that comes back after it was gone is a new one. */
function nextOf({ source, resourceTypes }: ImportedExemption, before: Exemption | null, trusted: boolean, now: Date) {
  const known = before?.endedAt === null ? before : null
  const requestedAt = known?.requestedAt ?? now
  const last = requestedAt.getTime() + longestMs
  const next = {
    scope: toText(scopeKey(source.scope)), category: source.category, resourceTypes: [...resourceTypes], sourceName: toText(source.name), reason: toText(source.description ?? source.name),
    requestedBy: azurePolicy, requestedAt, claimedRequester: textOrNull(source.requestedBy), claimedApprover: textOrNull(source.approvedBy),
    expiresAt: new Date(Math.min(last, source.expiresAt === null ? last : Date.parse(source.expiresAt))), endedAt: null, endedBy: null,
  }
  return { ...next, ...approvalOf(known, next, trusted, now) }
}

function textOrNull(text: string | null): string | null {
  return text === null ? null : toText(text)
}

/** Where Azure Policy's word is not enough, a person's approval holds until the exemption becomes wider or longer there. */
function approvalOf(known: Exemption | null, next: Pick<Exemption, 'expiresAt' | 'resourceTypes'>, trusted: boolean, now: Date): Pick<Exemption, 'approvedBy' | 'approvedAt'> {
  const isApproved = known !== null && known.approvedAt !== null
  if (trusted) return isApproved ? { approvedBy: known.approvedBy, approvedAt: known.approvedAt } : { approvedBy: azurePolicy, approvedAt: now }
  if (!isApproved || known.approvedBy === azurePolicy || next.expiresAt > known.expiresAt || isWider(next.resourceTypes, known.resourceTypes)) return { approvedBy: null, approvedAt: null }
  return { approvedBy: known.approvedBy, approvedAt: known.approvedAt }
}

/** No type named stands for every type. */
function isWider(types: readonly string[], than: readonly string[]): boolean {
  return than.length > 0 && (types.length === 0 || types.some((type) => !than.includes(type)))
}

async function saveUnmapped(tx: Queryable, estateId: number, unmapped: readonly UnmappedExemption[], isReplaced: (row: { scope: string; sourceId: string }) => boolean): Promise<void> {
  const replaced = (await tx.unmappedExemption.findMany({ where: { estateId } })).filter(isReplaced).map((row) => row.sourceId)
  await tx.unmappedExemption.deleteMany({ where: { estateId, sourceId: { in: replaced } } })
  await tx.unmappedExemption.createMany({
    data: unmapped.map((row) => ({
      ...row, estateId, sourceId: keyOf(row.sourceId), sourceName: toText(row.sourceName), scope: toText(scopeKey(row.scope)), what: toText(row.what),
      expiresAt: row.expiresAt === null ? null : new Date(row.expiresAt),
    })),
    skipDuplicates: true,
  })
}

export const unmappedPageRows = 50

export interface PolicyExemptionsState {
  /** ISO 8601 UTC; null: not yet. */
  readAt: string | null
  problem: string | null
  /** One page, by name; those of the whole estate, so for viewers who see all of it. */
  unmapped: UnmappedExemption[]
  unmappedTotal: number
  /** The page that was asked for, or the last there is. */
  page: number
}

/** How the last reading of Azure Policy went, and what of it stands for no check. */
export async function getPolicyExemptions(db: Queryable, viewer: Viewer, page = 1): Promise<PolicyExemptionsState> {
  const { estateId, subscriptions } = viewer
  const estate = await db.estate.findUniqueOrThrow({ where: { id: estateId }, select: { exemptionsReadAt: true, exemptionsProblem: true } })
  const total = subscriptions === 'all' ? await db.unmappedExemption.count({ where: { estateId } }) : 0
  const shown = Math.min(Math.max(1, page), Math.max(1, Math.ceil(total / unmappedPageRows)))
  const rows = total === 0 ? [] : await db.unmappedExemption.findMany({
    where: { estateId }, orderBy: [{ sourceName: 'asc' }, { sourceId: 'asc' }, { what: 'asc' }], skip: (shown - 1) * unmappedPageRows, take: unmappedPageRows,
  })
  return {
    readAt: estate.exemptionsReadAt?.toISOString() ?? null, problem: estate.exemptionsProblem, unmappedTotal: total, page: shown,
    unmapped: rows.map(({ sourceId, sourceName, scope, category, expiresAt, what, why }) => ({
      sourceId, sourceName, scope, category: category === 'mitigated' ? 'mitigated' : 'waived', expiresAt: expiresAt?.toISOString() ?? null, what, why,
    })),
  }
}
