import { randomUUID } from 'node:crypto'
import { dayMs } from '@/lib/domain/day'
import {
  exemptionDaysMax, exemptionSubject, Exemptions, isAskedBy, scopeKey, type Decider, type ExemptionCategory, type ExemptionInput, type ExemptionPlaces, type ExemptionRow,
} from '@/lib/domain/exemption'
import { managementGroupKey, managementGroupPrefix } from '@/lib/domain/management-group'
import type { Viewer } from '@/lib/domain/viewer'
import { KeypointError } from '@/lib/errors'
import type { Exemption } from './generated/client'
import type { Database, Queryable } from './client'
import { noteExemptions } from './exemption-events'
import { placeExemptions } from './exemption-targets'
import { toText } from './json'
import { toUuid } from './uuid'

/** The row as pages and reports have it. */
export function toRow(row: Exemption): ExemptionRow {
  return {
    id: row.id, scope: row.scope, tag: row.tagName === null ? null : { name: row.tagName, value: row.tagValue ?? '' }, check: row.check, category: toCategory(row.category),
    resourceTypes: row.resourceTypes, reason: row.reason,
    source: row.sourceId === null ? null : { id: row.sourceId, name: row.sourceName ?? row.sourceId, claimed: { requestedBy: row.claimedRequester, approvedBy: row.claimedApprover } },
    requestedBy: row.requestedBy, requestedById: row.requestedById, requestedAt: row.requestedAt.toISOString(), anotherApproves: row.anotherApproves, expiresAt: row.expiresAt.toISOString(), approvedBy: row.approvedBy,
    approvedAt: row.approvedAt?.toISOString() ?? null, endedBy: row.endedBy, endedAt: row.endedAt?.toISOString() ?? null,
    isRejected: row.sourceId !== null && row.endedById !== null,
  }
}

/** The column's check constraint allows no others. */
function toCategory(category: string): ExemptionCategory {
  return category as ExemptionCategory
}

/** Those in force that touch what the viewer sees; those of the whole tenant and of management groups touch everything. Given a resource: only those that may hold for it. */
export async function exemptionsInForce(db: Queryable, viewer: Viewer, now = new Date(), resourceId?: string): Promise<ExemptionRow[]> {
  const rows = await db.exemption.findMany({
    where: {
      estateId: viewer.estateId, approvedAt: { not: null }, endedAt: null, expiresAt: { gt: now },
      ...(resourceId !== undefined && { OR: [{ scope: { in: scopesOf(resourceId) } }, { scope: { startsWith: managementGroupPrefix } }, { tagName: { not: null } }] }),
    },
    orderBy: [{ requestedAt: 'desc' }, { id: 'asc' }],
  })
  return rows.map(toRow).filter((row) => row.scope === '' || isManagementGroup(row.scope) || mayDecide(viewer, row.scope))
}

/** The scopes that a resource lies in, by their ids: itself, what is above it, and the tenant. */
function scopesOf(resourceId: string): string[] {
  const parts = scopeKey(resourceId).split('/')
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'))
}

/** Those in force that end within so many days, soonest first. */
export async function expiringExemptions(db: Queryable, viewer: Viewer, days: number, now = new Date()): Promise<ExemptionRow[]> {
  const until = now.getTime() + days * dayMs
  return (await exemptionsInForce(db, viewer, now)).filter((row) => Date.parse(row.expiresAt) <= until)
    .sort((a, b) => Date.parse(a.expiresAt) - Date.parse(b.expiresAt) || (a.id < b.id ? -1 : 1))
}

function isManagementGroup(scope: string): boolean {
  return scope.startsWith(managementGroupPrefix)
}

/** A narrowed viewer decides of their own subscriptions alone. */
function mayDecide(viewer: Viewer, scope: string): boolean {
  return viewer.subscriptions === 'all' || viewer.subscriptions.some((id) => `${scope}/`.startsWith(`/subscriptions/${id.toLowerCase()}/`))
}

/** The exemptions in force, to mark fails by: all, or those that may hold for one resource. */
export async function loadExemptions(db: Queryable, viewer: Viewer, now = new Date(), resourceId?: string): Promise<Exemptions> {
  const rows = await exemptionsInForce(db, viewer, now, resourceId)
  return new Exemptions(rows, now, await exemptionPlaces(db, viewer, rows))
}

/** Where these exemptions hold beyond their own scopes; asked only where one is of a management group or by tag. */
async function exemptionPlaces(db: Queryable, viewer: Viewer, rows: readonly ExemptionRow[]): Promise<ExemptionPlaces> {
  const parents = new Map<string, string>()
  if (rows.some((row) => isManagementGroup(row.scope))) {
    const chains = await db.subscription.findMany({ where: { estateId: viewer.estateId }, select: { subscriptionId: true, managementGroups: true } })
    for (const { subscriptionId, managementGroups } of chains) {
      const chain = [`/subscriptions/${subscriptionId}`, ...managementGroups.map(managementGroupKey)]
      for (const [index, above] of chain.slice(1).entries()) parents.set(chain[index] ?? '', above)
    }
  }
  const tagged = rows.filter((row) => row.tag !== null).map((row) => row.id)
  const targets = tagged.length === 0 ? [] : await db.exemptionTarget.findMany({ where: { exemptionId: { in: tagged } } })
  const keys = new Map([...Map.groupBy(targets, (target) => target.exemptionId)].map(([id, own]) => [id, own.map((target) => target.key)]))
  return { parents, tagged: keys }
}

/**
 * Asks for an exemption; it has no effect until somebody approves it: with `byAnother`, somebody else, whatever the policy says by then.
 * Throws KeypointError `invalid` for a date that has passed, lies too far ahead, or an exemption of everything from everything; `forbidden` for a scope out of sight.
 */
export async function requestExemption(db: Database, viewer: Viewer, input: ExemptionInput, by: Decider, now = new Date(), byAnother = false): Promise<ExemptionRow> {
  const scope = toText(scopeKey(input.scope))
  const tag = input.tag ?? null
  if (!mayDecide(viewer, scope)) throw new KeypointError('forbidden', 'The scope holds more than you may see.', 'Choose among your own subscriptions.')
  if (scope === '' && input.check === null && tag === null) {
    throw new KeypointError('invalid', 'An exemption of the whole tenant from every check exempts everything.', 'Name a check, a scope or a tag.')
  }
  const days = (Date.parse(input.expiresAt) - now.getTime()) / dayMs
  if (!(days > 0 && days <= exemptionDaysMax)) {
    throw new KeypointError('invalid', `An exemption must end within ${exemptionDaysMax} days from now.`, 'Choose a date in that time; it can be asked for again then.')
  }
  return await db.$transaction(async (tx) => {
    const row = toRow(await tx.exemption.create({
      data: {
        id: randomUUID(), estateId: viewer.estateId, scope, tagName: tag && toText(tag.name), tagValue: tag && toText(tag.value), check: input.check,
        category: input.category, reason: toText(input.reason), requestedBy: by.username, requestedById: by.objectId, requestedAt: now, anotherApproves: byAnother,
        expiresAt: new Date(input.expiresAt),
      },
    }))
    if (tag !== null) await placeExemptions(tx, viewer.estateId, row.id)
    await noteExemptions(tx, viewer.estateId, [row.id], 'requested', by, now)
    return row
  })
}

/**
 * Puts a requested exemption in force (an imported one with all checks that it stands for); with `byAnother`, or where the policy wanted that when it was asked for,
 * whoever asked for it may not. Throws KeypointError `not-found`, `forbidden` for that, or `conflict` when it is not waiting for approval any more.
 */
export async function approveExemption(db: Database, viewer: Viewer, id: string, by: Decider, now = new Date(), byAnother = false): Promise<void> {
  const row = await getExemption(db, viewer, id)
  if ((byAnother || row.anotherApproves) && isAskedBy(row, by)) {
    throw new KeypointError('forbidden', 'The policy wants another person to approve an exemption than whoever asked for it.', 'Ask another Admin.')
  }
  const count = await db.$transaction(async (tx) => {
    const changed = await tx.exemption.updateMany({ where: { ...decidedWith(viewer, row), approvedAt: null, endedAt: null, expiresAt: { gt: now } }, data: { approvedBy: by.username, approvedAt: now } })
    if (changed.count > 0) await noteExemptions(tx, viewer.estateId, [exemptionSubject(row)], 'approved', by, now)
    return changed.count
  })
  if (count === 0) throw new KeypointError('conflict', 'The exemption is not waiting for approval.', 'Reload the page to see where it stands.')
}

/** What a person may end: any exemption, or only what they asked for while nobody has approved it. */
export type EndingRight = 'any' | 'own-requests'

/**
 * Refuses, withdraws or ends an exemption; it is kept in the list. An imported one ends with all checks that it stands for, and no import brings it back. Throws
 * KeypointError `not-found`, `forbidden` for what is not theirs to end, or `conflict` when it has ended, or was approved meanwhile.
 */
export async function endExemption(db: Database, viewer: Viewer, id: string, by: Decider, right: EndingRight, now = new Date()): Promise<void> {
  const row = await getExemption(db, viewer, id)
  const isRequest = row.approvedAt === null
  if (right === 'own-requests' && !(isRequest && isAskedBy(row, by))) throw new KeypointError('forbidden', 'Ending an exemption needs the role Keypoint.Admin.', 'Ask an Admin.')
  const action = !isRequest ? 'ended' : isAskedBy(row, by) ? 'withdrawn' : 'refused'
  const count = await db.$transaction(async (tx) => {
    const changed = await tx.exemption.updateMany({
      // Of an imported one some checks may wait for approval while others are in force.
      where: { ...decidedWith(viewer, row), ...(row.source === null && { approvedAt: isRequest ? null : { not: null } }), endedAt: null, expiresAt: { gt: now } },
      data: { endedBy: by.username, endedById: by.objectId, endedAt: now },
    })
    if (changed.count > 0) await noteExemptions(tx, viewer.estateId, [exemptionSubject(row)], action, by, now)
    return changed.count
  })
  if (count === 0) throw new KeypointError('conflict', 'The exemption has ended already, or was decided on meanwhile.', 'Reload the page to see where it stands.')
}

/**
 * Takes back that an imported exemption was refused or ended here: the next scan takes it over again, if it stands in Azure Policy then, and approval is asked for as of
 * a new one. Throws KeypointError `not-found`, or `conflict` when it is not rejected.
 */
export async function takeBackRejection(db: Database, viewer: Viewer, id: string, by: Decider, now = new Date()): Promise<void> {
  const row = await getExemption(db, viewer, id)
  const count = row.source === null ? 0 : await db.$transaction(async (tx) => {
    const changed = await tx.exemption.updateMany({ where: { ...decidedWith(viewer, row), endedById: { not: null } }, data: { endedById: null } })
    if (changed.count > 0) await noteExemptions(tx, viewer.estateId, [exemptionSubject(row)], 'taken-back', by, now)
    return changed.count
  })
  if (count === 0) throw new KeypointError('conflict', 'The exemption is not refused any more.', 'Reload the page to see where it stands.')
}

function decidedWith({ estateId }: Viewer, { id, source }: ExemptionRow): { id: string } | { estateId: number; sourceId: string } {
  return source === null ? { id } : { estateId, sourceId: source.id }
}

/** Throws KeypointError `not-found`, also for one that a narrowed viewer may not decide on. */
async function getExemption(db: Queryable, viewer: Viewer, id: string): Promise<ExemptionRow> {
  const row = await db.exemption.findFirst({ where: { id: toUuid(id), estateId: viewer.estateId } })
  if (row === null || !mayDecide(viewer, row.scope)) throw new KeypointError('not-found', `There is no exemption ${id}.`, 'See the list of exemptions.')
  return toRow(row)
}
