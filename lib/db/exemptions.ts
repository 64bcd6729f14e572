import { randomUUID } from 'node:crypto'
import {
  exemptionDaysMax, exemptionState, Exemptions, managementGroupKey, scopeKey, type ExemptionCategory, type ExemptionInput, type ExemptionPlaces, type ExemptionRow,
} from '@/lib/domain/exemption'
import type { Viewer } from '@/lib/domain/viewer'
import { KeypointError } from '@/lib/errors'
import type { Exemption } from './generated/client'
import type { Queryable } from './client'
import { placeExemptions } from './exemption-targets'
import { toText } from './json'
import { toUuid } from './scans'

function toRow(row: Exemption): ExemptionRow {
  return {
    id: row.id, scope: row.scope, tag: row.tagName === null ? null : { name: row.tagName, value: row.tagValue ?? '' }, check: row.check, category: toCategory(row.category),
    resourceTypes: row.resourceTypes, reason: row.reason, source: row.sourceId === null ? null : { id: row.sourceId, name: row.sourceName ?? row.sourceId },
    requestedBy: row.requestedBy, requestedAt: row.requestedAt.toISOString(), expiresAt: row.expiresAt?.toISOString() ?? null, approvedBy: row.approvedBy,
    approvedAt: row.approvedAt?.toISOString() ?? null, endedBy: row.endedBy, endedAt: row.endedAt?.toISOString() ?? null,
  }
}

/** The column's check constraint allows no others. */
function toCategory(category: string): ExemptionCategory {
  return category as ExemptionCategory
}

/** All exemptions that touch what the viewer sees, newest first; those of the whole tenant and of management groups touch everything. */
export async function listExemptions(db: Queryable, viewer: Viewer): Promise<ExemptionRow[]> {
  const rows = await db.exemption.findMany({ where: { estateId: viewer.estateId }, orderBy: [{ requestedAt: 'desc' }, { id: 'asc' }] })
  return rows.map(toRow).filter((row) => row.scope === '' || isManagementGroup(row.scope) || mayDecide(viewer, row.scope))
}

/** Those in force that end within so many days, soonest first. */
export async function expiringExemptions(db: Queryable, viewer: Viewer, days: number, now = new Date()): Promise<(ExemptionRow & { expiresAt: string })[]> {
  const until = now.getTime() + days * 86_400_000
  return (await listExemptions(db, viewer)).flatMap((row) => {
    const { expiresAt } = row
    return exemptionState(row, now) === 'in-force' && expiresAt !== null && Date.parse(expiresAt) <= until ? [{ ...row, expiresAt }] : []
  }).sort((a, b) => Date.parse(a.expiresAt) - Date.parse(b.expiresAt) || (a.id < b.id ? -1 : 1))
}

function isManagementGroup(scope: string): boolean {
  return scope.startsWith(managementGroupKey(''))
}

/** A narrowed viewer decides of their own subscriptions alone. */
function mayDecide(viewer: Viewer, scope: string): boolean {
  return viewer.subscriptions === 'all' || viewer.subscriptions.some((id) => `${scope}/`.startsWith(`/subscriptions/${id.toLowerCase()}/`))
}

/** The exemptions in force, to mark fails by. */
export async function loadExemptions(db: Queryable, viewer: Viewer, now = new Date()): Promise<Exemptions> {
  const rows = (await listExemptions(db, viewer)).filter((row) => exemptionState(row, now) === 'in-force')
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
 * Asks for an exemption; it has no effect until somebody approves it.
 * Throws KeypointError `invalid` for a date that has passed, lies too far ahead, or an exemption of everything from everything; `forbidden` for a scope out of sight.
 */
export async function requestExemption(db: Queryable, viewer: Viewer, input: ExemptionInput, by: string, now = new Date()): Promise<ExemptionRow> {
  const scope = toText(scopeKey(input.scope))
  const tag = input.tag ?? null
  if (!mayDecide(viewer, scope)) throw new KeypointError('forbidden', 'The scope holds more than you may see.', 'Choose among your own subscriptions.')
  if (scope === '' && input.check === null && tag === null) {
    throw new KeypointError('invalid', 'An exemption of the whole tenant from every check exempts everything.', 'Name a check, a scope or a tag.')
  }
  const days = (Date.parse(input.expiresAt) - now.getTime()) / 86_400_000
  if (!(days > 0 && days <= exemptionDaysMax)) {
    throw new KeypointError('invalid', `An exemption must end within ${exemptionDaysMax} days from now.`, 'Choose a date in that time; it can be asked for again then.')
  }
  const row = toRow(await db.exemption.create({
    data: {
      id: randomUUID(), estateId: viewer.estateId, scope, tagName: tag && toText(tag.name), tagValue: tag && toText(tag.value), check: input.check,
      category: input.category, reason: toText(input.reason), requestedBy: by, requestedAt: now, expiresAt: new Date(input.expiresAt),
    },
  }))
  if (tag !== null) await placeExemptions(db, viewer.estateId, row.id)
  return row
}

/**
 * Puts a requested exemption in force; with `byAnother`, whoever asked for it may not. Throws KeypointError `not-found`, `forbidden` for that, or `conflict` when it is not
 * waiting for approval any more.
 */
export async function approveExemption(db: Queryable, viewer: Viewer, id: string, by: string, now = new Date(), byAnother = false): Promise<void> {
  const row = await find(db, viewer, id)
  if (byAnother && row.requestedBy.toLowerCase() === by.toLowerCase()) {
    throw new KeypointError('forbidden', 'The policy wants another person to approve an exemption than whoever asked for it.', 'Ask another Admin.')
  }
  const { count } = await db.exemption.updateMany({ where: { id, approvedAt: null, endedAt: null, expiresAt: { gt: now } }, data: { approvedBy: by, approvedAt: now } })
  if (count === 0) throw new KeypointError('conflict', 'The exemption is not waiting for approval.', 'Reload the page to see where it stands.')
}

/**
 * Refuses, withdraws or ends an exemption; it is kept in the list. Throws KeypointError `not-found`, or `conflict` when it has ended, or is one of Azure Policy, which
 * the next scan would bring back.
 */
export async function endExemption(db: Queryable, viewer: Viewer, id: string, by: string, now = new Date()): Promise<void> {
  const row = await find(db, viewer, id)
  if (row.source !== null) throw new KeypointError('conflict', 'The exemption stands in Azure Policy.', 'Delete it there; the next scan ends it here.')
  const { count } = await db.exemption.updateMany({ where: { id, endedAt: null, expiresAt: { gt: now } }, data: { endedBy: by, endedAt: now } })
  if (count === 0) throw new KeypointError('conflict', 'The exemption has ended already.', 'There is nothing to end.')
}

async function find(db: Queryable, viewer: Viewer, id: string): Promise<ExemptionRow> {
  const row = await db.exemption.findFirst({ where: { id: toUuid(id), estateId: viewer.estateId } })
  if (row === null || !mayDecide(viewer, row.scope)) throw new KeypointError('not-found', `There is no exemption ${id}.`, 'See the list of exemptions.')
  return toRow(row)
}
