import { toResourceKey } from './arm-id'

/** Azure Policy's two words: the gap is accepted, or dealt with in another way. */
export const exemptionCategories = ['waived', 'mitigated'] as const
export type ExemptionCategory = (typeof exemptionCategories)[number]

export interface ExemptionTag {
  name: string
  value: string
}

/** What a person asks for. */
export interface ExemptionInput {
  /** An ARM id, which stands for itself and all below it (a management group: for its subscriptions, too); empty for the whole tenant. */
  scope: string
  /** Of the scope only resources with this tag, and what lies below them; an empty value stands for any. Compared without case. */
  tag?: ExemptionTag | null
  /** Null: every check. */
  check: string | null
  /** Waived unless told otherwise. */
  category?: ExemptionCategory
  reason: string
  /** ISO 8601 UTC. */
  expiresAt: string
}

/** Who asks, approves or ends: known by the object id, since a user name can change and pass to another. */
export interface Decider {
  objectId: string
  username: string
}

/** An exemption in Azure Policy. */
export interface ExemptionSource {
  id: string
  name: string
  /** What its metadata says of people. Whoever may write it can write any name there. */
  claimed: { requestedBy: string | null; approvedBy: string | null }
}

export interface ExemptionRow extends Pick<ExemptionInput, 'scope' | 'check' | 'reason' | 'expiresAt'> {
  id: string
  tag: ExemptionTag | null
  category: ExemptionCategory
  /** Lower case; empty: every type. */
  resourceTypes: string[]
  /** What it was imported from; null: asked for here. */
  source: ExemptionSource | null
  requestedBy: string
  /** Null: imported, or asked for before object ids were kept. */
  requestedById: string | null
  requestedAt: string
  /** The policy wanted another person to approve it when it was asked for. */
  anotherApproves: boolean
  /** Null while nobody has approved it: then it has no effect. */
  approvedBy: string | null
  approvedAt: string | null
  /** Who refused, withdrew or ended it before its time. */
  endedBy: string | null
  endedAt: string | null
  /** True: imported, and refused or ended by a person here, so that no scan takes it over until that is taken back. */
  isRejected: boolean
}

/** What is done with exemptions; `gone` and `reopened` (it needs approval again) only with imported ones. */
const exemptionActions = ['requested', 'imported', 'approved', 'refused', 'withdrawn', 'ended', 'gone', 'reopened', 'taken-back'] as const
export type ExemptionAction = (typeof exemptionActions)[number]

export interface ExemptionEvent {
  action: ExemptionAction
  /** A user name, or `Azure Policy`. */
  by: string
  /** ISO 8601 UTC. */
  at: string
}

/** What is decided on as one, by the name under which its history is kept. */
export function exemptionSubject({ id, source }: Pick<ExemptionRow, 'id' | 'source'>): string {
  return source?.id ?? id
}

export type ExemptionState = 'requested' | 'in-force' | 'expired' | 'ended'

/** An end by a person comes before one by time, and what nobody approved in time has expired too. */
export function exemptionState(exemption: Pick<ExemptionRow, 'expiresAt' | 'approvedAt' | 'endedAt'>, now: Date): ExemptionState {
  if (exemption.endedAt !== null) return 'ended'
  if (Date.parse(exemption.expiresAt) <= now.getTime()) return 'expired'
  return exemption.approvedAt === null ? 'requested' : 'in-force'
}

/** True when the person asked for it; of those from before object ids were kept the user name tells. */
export function isAskedBy({ source, requestedBy, requestedById }: Pick<ExemptionRow, 'source' | 'requestedBy' | 'requestedById'>, { objectId, username }: Decider): boolean {
  if (source !== null) return false
  return requestedById === null ? requestedBy.toLowerCase() === username.toLowerCase() : requestedById.toLowerCase() === objectId.toLowerCase()
}

/** What is decided on as one: an exemption of Azure Policy with all checks that it stands for, any other by itself. */
export interface ExemptionGroup extends Omit<ExemptionRow, 'check' | 'resourceTypes'> {
  from: Pick<ExemptionRow, 'check' | 'resourceTypes'>[]
  /** Oldest first. */
  events: ExemptionEvent[]
}

/** An exemption as reports write it beside the fail that it marks. */
export interface ExemptionMark extends Pick<ExemptionRow, 'id' | 'category' | 'reason' | 'requestedBy' | 'expiresAt' | 'source'> {
  approvedBy: string
}

/** A fail, as far as exemptions ask. */
export interface Exempted {
  resourceId: string
  resourceType: string
  check: string
}

/** Where exemptions hold besides their own scope and what lies below it. */
export interface ExemptionPlaces {
  /** The key of the management group above a subscription or a management group, by its key. */
  parents: ReadonlyMap<string, string>
  /** Keys of the resources that an exemption by tag holds for, by its id. */
  tagged: ReadonlyMap<string, readonly string[]>
}

/** The exemptions in force, ready to be looked up. */
export class Exemptions {
  private readonly byScope: Map<string, ExemptionRow[]>
  private readonly parents: ReadonlyMap<string, string>

  constructor(rows: readonly ExemptionRow[], now: Date, { parents, tagged }: ExemptionPlaces = { parents: new Map(), tagged: new Map() }) {
    const placed = rows.filter((row) => exemptionState(row, now) === 'in-force')
      .flatMap((row) => (row.tag === null ? [scopeKey(row.scope)] : (tagged.get(row.id) ?? [])).map((key) => ({ key, row })))
    this.byScope = new Map([...Map.groupBy(placed, ({ key }) => key)].map(([key, own]) => [key, own.map(({ row }) => row)]))
    this.parents = parents
  }

  /** What marks a fail: the exemption of the nearest scope, and there the one that lasts longest; null when none does. */
  markOf(fail: Exempted): ExemptionMark | null {
    if (this.byScope.size === 0) return null
    for (let scope: string = toResourceKey(fail.resourceId); ; scope = this.above(scope)) {
      const found = this.byScope.get(scope)?.filter((row) => isAbout(row, fail)).sort((a, b) => Date.parse(b.expiresAt) - Date.parse(a.expiresAt))[0]
      if (found !== undefined) {
        const { id, category, reason, requestedBy, approvedBy, expiresAt, source } = found
        return { id, category, reason, requestedBy, approvedBy: approvedBy ?? '', expiresAt, source }
      }
      if (scope === '') return null
    }
  }

  private above(scope: string): string {
    return isTop(scope) ? (this.parents.get(scope) ?? '') : scope.slice(0, scope.lastIndexOf('/'))
  }
}

function isAbout({ check, resourceTypes }: ExemptionRow, fail: Exempted): boolean {
  return (check === null || check === fail.check) && (resourceTypes.length === 0 || resourceTypes.includes(fail.resourceType.toLowerCase()))
}

/** Subscriptions and management groups: what is above them is not told by their ids. */
function isTop(scope: string): boolean {
  return /^(\/subscriptions\/[^/]+|\/providers\/microsoft\.management\/managementgroups\/[^/]+|[^/]*|\/[^/]*)$/.test(scope)
}

/** A scope as it is stored and compared: the ARM id in lower case, without a slash at its end. */
export function scopeKey(scope: string): string {
  const trimmed = scope.trim().replace(/\/+$/, '')
  return trimmed === '' ? '' : toResourceKey(trimmed)
}

/** Longer than this nobody should look away. */
export const exemptionDaysMax = 730

/** What an exemption holds for, in words: its scope, narrowed by its tag. */
export function exemptedInWords({ scope, tag }: Pick<ExemptionRow, 'scope' | 'tag'>): string {
  const where = scope === '' ? 'the whole tenant' : scope
  return tag === null ? where : `what has the tag ${tag.name}${tag.value === '' ? '' : ` = ${tag.value}`} in ${where}`
}
