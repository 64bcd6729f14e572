import { AzureAwayError, type Azure } from '@/lib/azure'
import { toResourceKey } from '@/lib/domain/arm-id'
import { collected, isFailure, type Collected, type ReadFailure } from '@/lib/domain/collected'
import type { ManagementGroup, Subscription } from '@/lib/domain/estate'
import { isTenantWide, type ScanScope } from '@/lib/domain/scan'
import { KeypointError } from '@/lib/errors'
import { log } from '@/lib/log'

/** A subscription that was seen before and is not listed now. */
export interface LostSubscription {
  subscription: Subscription
  failure: ReadFailure
}

export interface Discovered {
  /** Everything that the identity lists, in scope or not: an absent id in one of these is deleted. */
  visible: Subscription[]
  /** What this scan reads. */
  scanned: Subscription[]
  lost: LostSubscription[]
  /** Seen before, in scope or not, neither listed now nor known to be deleted. */
  outOfSight: Subscription[]
  /** Known before and deleted by Azure's own word. */
  deleted: Subscription[]
  managementGroups: Collected<ManagementGroup[]>
  /** Seen before, neither listed now nor known to be deleted: their settings are still asked for. */
  managementGroupsOutOfSight: ManagementGroup[]
  /** Known before and deleted by Azure's own word; none where not the whole tenant is scanned. */
  deletedManagementGroups: ManagementGroup[]
  /** The groups above each subscription in sight, as far as Azure told. */
  managementGroupChains: { subscriptionId: string; groups: string[] }[]
  /** False for a scan of some subscriptions: the tenant's own settings are then left alone. */
  tenantWide: boolean
}

/** What earlier scans saw. */
export interface KnownScopes {
  /** Without those that were deleted. */
  subscriptions: readonly Subscription[]
  deletedSubscriptions: readonly NamedSubscription[]
  /** Without those that were deleted. */
  managementGroups: readonly ManagementGroup[]
}

type NamedSubscription = Pick<Subscription, 'subscriptionId' | 'displayName'>

/**
 * Lists the subscriptions to scan and tells those that were lost from those that were deleted.
 * @throws KeypointError when nothing can be listed, nothing is in sight, or the scope names what is not there; AzureAwayError when it is worth waiting until something can be listed.
 */
export async function discover(
  azure: Azure, scope: ScanScope, { subscriptions: known, deletedSubscriptions: deletedBefore, managementGroups: knownGroups }: KnownScopes,
): Promise<Discovered> {
  const listed = await listSubscriptions(azure, known.length > 0)
  const visible = listed.filter((s) => s.state !== 'Deleted')
  const inScope = await scopeFilter(azure, scope, { visible, known, deleted: [...deletedBefore, ...listed.filter((s) => s.state === 'Deleted')] })
  if (visible.length === 0 && known.length === 0) {
    throw new KeypointError('not-configured', 'The identity sees no subscription: it has no role on anything in this tenant.', 'Grant it Reader at the root management group (`keypoint doctor` prints the command), then scan again.')
  }

  const visibleIds = new Set(visible.map((s) => s.subscriptionId.toLowerCase()))
  const lost: LostSubscription[] = []
  const deleted: Subscription[] = listed.filter((s) => s.state === 'Deleted' && known.some((k) => k.subscriptionId === s.subscriptionId))
  for (const subscription of known) {
    const id = subscription.subscriptionId.toLowerCase()
    if (visibleIds.has(id) || !inScope(id) || deleted.some((d) => d.subscriptionId === id)) continue
    const read = await azure.getSubscription(id)
    if ((read.ok && read.value.state === 'Deleted') || (!read.ok && read.reason === 'gone')) deleted.push(subscription)
    else lost.push({ subscription, failure: isFailure(read) ? read : lostSight(subscription) })
  }
  const [listedGroups, chains] = await Promise.all([
    azure.listManagementGroups(),
    azure.readManagementGroupChains(visible.map((s) => s.subscriptionId)),
  ])
  const tenantWide = isTenantWide(scope)
  const managementGroups = withKnownParents(listedGroups, knownGroups)
  const unlisted = notListed(managementGroups, knownGroups)
  const deletedManagementGroups = tenantWide ? await deletedOf(azure, unlisted) : []
  return {
    visible,
    scanned: visible.filter((s) => inScope(s.subscriptionId.toLowerCase())),
    lost,
    outOfSight: known.filter((s) => !visibleIds.has(s.subscriptionId.toLowerCase()) && !deleted.some((d) => d.subscriptionId === s.subscriptionId)),
    deleted,
    managementGroups,
    managementGroupsOutOfSight: unlisted.filter((group) => !deletedManagementGroups.includes(group)),
    deletedManagementGroups,
    managementGroupChains: chains.rows,
    tenantWide,
  }
}

/** What has never worked is set up wrongly, more likely than out of order: nobody waits for it. */
async function listSubscriptions(azure: Azure, workedBefore: boolean): Promise<Subscription[]> {
  try {
    const listed = await azure.listSubscriptions()
    if (listed.ok) return listed.value
    const sentence = `The subscriptions cannot be listed: ${listed.detail}`
    const remedy = 'Run `keypoint doctor` to check the identity, its rights and the endpoint.'
    throw isPassing(listed) ? new AzureAwayError(sentence, remedy) : new KeypointError('unavailable', sentence, remedy)
  } catch (error) {
    throw error instanceof AzureAwayError && !workedBefore ? new KeypointError(error.code, error.message, error.remedy, { cause: error }) : error
  }
}

/** No answer, or one that says that Azure is out of order or has too much to do. */
function isPassing({ status }: Pick<ReadFailure, 'status'>): boolean {
  return status === null || status === 408 || status === 429 || status >= 500
}

/** A group that Azure tells no parent of, as where the root cannot be read, is where it was. */
function withKnownParents(listed: Collected<ManagementGroup[]>, known: readonly ManagementGroup[]): Collected<ManagementGroup[]> {
  if (!listed.ok) return listed
  const parents = new Map(known.map(({ id, parentId }) => [toResourceKey(id), parentId]))
  return collected(listed.value.map((group) => ({ ...group, parentId: group.parentId ?? parents.get(toResourceKey(group.id)) ?? null })))
}

function notListed(listed: Collected<ManagementGroup[]>, known: readonly ManagementGroup[]): ManagementGroup[] {
  const keys = new Set(listed.ok ? listed.value.map(({ id }) => toResourceKey(id)) : [])
  return known.filter(({ id }) => !keys.has(toResourceKey(id)))
}

/** The root group, named like the tenant, cannot be deleted: whatever Azure answers, it is out of sight. */
async function deletedOf(azure: Azure, unlisted: readonly ManagementGroup[]): Promise<ManagementGroup[]> {
  const deleted: ManagementGroup[] = []
  for (const group of unlisted) {
    if (group.name.toLowerCase() === azure.tenantId.toLowerCase()) continue
    const read = await azure.getManagementGroup(group.name)
    if (!read.ok && read.reason === 'gone') deleted.push(group)
  }
  return deleted
}

function lostSight(subscription: Subscription): ReadFailure {
  return {
    ok: false,
    reason: 'permission-denied',
    detail: `Subscription ${subscription.displayName} was readable before and is not listed now.`,
    status: null,
    code: null,
    action: 'Microsoft.Resources/subscriptions/read',
  }
}

interface ScopePlaces {
  visible: readonly Subscription[]
  known: readonly Subscription[]
  deleted: readonly NamedSubscription[]
}

async function scopeFilter(azure: Azure, scope: ScanScope, places: ScopePlaces): Promise<(id: string) => boolean> {
  if (scope.subscriptions?.length) {
    const wanted = new Set(scope.subscriptions.map((id) => id.toLowerCase()))
    refuseMissing(wanted, places)
    return (id) => wanted.has(id)
  }
  if (scope.managementGroup !== undefined) {
    const under = await azure.listSubscriptionsUnder(scope.managementGroup)
    if (!under.ok) {
      throw new KeypointError('not-found', `Management group ${scope.managementGroup} cannot be read: ${under.detail}`, 'Check its name (not its display name), and that the identity has Reader on it.')
    }
    const ids = new Set(under.value.map((id) => id.toLowerCase()))
    return (id) => ids.has(id)
  }
  return () => true
}

/** One that is deleted is left out, so that a schedule goes on with the others; unless it is all that is asked for. */
function refuseMissing(wanted: ReadonlySet<string>, { visible, known, deleted }: ScopePlaces): void {
  const there = new Set([...visible, ...known].map(idOf))
  const namesOfDeleted = new Map(deleted.filter((s) => !there.has(idOf(s))).map((s) => [idOf(s), nameOf(s)]))
  const missing = [...wanted].filter((id) => !there.has(id) && !namesOfDeleted.has(id))
  if (missing.length > 0) {
    const names = visible.slice(0, 10).map(nameOf).join(', ')
    throw new KeypointError('not-found', `Subscription ${missing.join(', ')} is not among those that the identity can read.`, visible.length === 0 ? 'The identity sees no subscription at all; grant it Reader.' : `Readable are: ${names}${visible.length > 10 ? ` and ${visible.length - 10} more` : ''}.`)
  }
  const gone = [...wanted].flatMap((id) => namesOfDeleted.get(id) ?? [])
  if (gone.length === 0) return
  if (gone.length === wanted.size) throw allDeleted(gone)
  log('warn', 'deleted subscriptions are left out of the scan that names them', { subscriptions: gone })
}

/** @throws KeypointError where nothing is left of a scope: what was deleted in this very scan must be stored first. */
export function refuseEmpty({ managementGroup, subscriptions = [] }: ScanScope, { tenantWide, scanned, lost, deleted }: Discovered): void {
  if (tenantWide || scanned.length + lost.length > 0) return
  if (managementGroup !== undefined) {
    throw new KeypointError('not-found', `Management group ${managementGroup} holds no subscription that the identity can read.`, 'Scan another, or grant the identity Reader on this one.')
  }
  const wanted = new Set(subscriptions.map((id) => id.toLowerCase()))
  throw allDeleted(deleted.filter((one) => wanted.has(idOf(one))).map(nameOf))
}

function allDeleted(names: readonly string[]): KeypointError {
  return new KeypointError('not-found', `Azure has deleted subscription ${names.join(', ')}.`, 'Scan others, or everything; a schedule that names no others can be removed.')
}

function idOf({ subscriptionId }: NamedSubscription): string {
  return subscriptionId.toLowerCase()
}

function nameOf({ subscriptionId, displayName }: NamedSubscription): string {
  return `${subscriptionId} (${displayName})`
}
