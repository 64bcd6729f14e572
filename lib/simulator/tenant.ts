import { parentOf, resourceGroupOf, subscriptionIdOf, toResourceKey } from '@/lib/domain/arm-id'
import type { Answer } from './answer'
import { diagnosticEvent } from './diagnostic-event'
import type { GraphRow, GraphTable } from './graph-row'
import { graphTables } from './graph-row'
import type { JsonObject } from './json'
import { settingBody, type SettingInput } from './setting-body'

/** What ARM can be asked about a subject beyond the rows of Resource Graph. */
export type FactKind =
  | 'diagnostic-settings'
  | 'diagnostic-settings-categories'
  | 'sql-auditing'
  | 'workspace-tables'
  | 'data-exports'
  | 'sentinel-onboarding'
  | 'log-queries'
  | 'log-arrivals'
  | 'audit-arrivals'
  | 'sentinel-rules'
  | 'sentinel-connectors'
  | 'sentinel-incidents'
  | 'lifecycle'
  | 'containers'
  | 'event-hubs'
  | 'hub-rules'
  | 'hub-firewall'
  | 'pricings'
  | 'security-contacts'
  | 'auto-provisioning'
  | 'dcr-associations'
  | 'guest-assignments'
  | 'dns-policies'
  | 'dns-links'
  | 'dns-rules'
  | 'network-provider'
  | 'database-parameters'

/** The body of `GET /subscriptions/{id}`. */
export interface SubscriptionBody extends JsonObject {
  id: string
  subscriptionId: string
  tenantId: string
  displayName: string
  state: string
}

export interface ManagementGroupNode {
  /** The last segment of the id; the root group's is the tenant id. */
  name: string
  displayName: string
  /** Null for the root group. */
  parent: string | null
}

/** A read that is refused at one scope and below it. */
export interface Refusal {
  /** `'all'`: every read, the resource's own and Resource Graph's included. */
  kinds: FactKind[] | 'all'
  /** Name of the deny assignment that refuses; without it the role is missing. */
  denyAssignment?: string
}

/** What a tenant answers for a subject that exists; undefined: it has no such thing. Makes answers only when asked. */
export type FactSource = (kind: FactKind, subject: string, row: GraphRow | undefined) => Answer | undefined

export interface TenantContent {
  tenantId: string
  displayName: string
  subscriptions: SubscriptionBody[]
  managementGroups: ManagementGroupNode[]
  /** Name of the parent group by subscription id. */
  placement: Map<string, string>
  tables: Partial<Record<GraphTable, GraphRow[]>>
  /** Bodies of activity-log events, by subscription id. */
  events: Map<string, JsonObject[]>
  facts: FactSource
}

/** An Azure tenant that can be changed between two scans. Ids are taken in any casing. */
export class SimulatedTenant {
  readonly tenantId: string
  readonly displayName: string
  readonly subscriptions: SubscriptionBody[]
  readonly managementGroups: ManagementGroupNode[]
  readonly placement: Map<string, string>
  readonly events: Map<string, JsonObject[]>
  /** Raised by each change, so that cached query results are dropped. */
  revision = 0
  /** What the principal's role gives, in lower case: that of Reader at first. */
  granted: readonly string[] = ['*/read']
  readonly #tables: Record<GraphTable, GraphRow[]>
  readonly #facts: FactSource
  readonly #byKey = new Map<string, GraphRow>()
  readonly #groups = new Set<string>()
  readonly #overrides = new Map<string, Answer>()
  readonly #refusals = new Map<string, Refusal>()
  readonly #hidden = new Set<string>()

  constructor(content: TenantContent) {
    this.tenantId = content.tenantId
    this.displayName = content.displayName
    this.subscriptions = content.subscriptions
    this.managementGroups = content.managementGroups
    this.placement = content.placement
    this.events = content.events
    this.#facts = content.facts
    this.#tables = {
      resources: [],
      resourcecontainers: [],
      insightsresources: [],
      computeresources: [],
      securityresources: [],
      guestconfigurationresources: [],
      policyresources: [],
      ...content.tables,
    }
    for (const table of graphTables) for (const row of this.#tables[table]) this.#index(row)
  }

  rows(table: GraphTable): readonly GraphRow[] {
    return this.#tables[table]
  }

  row(id: string): GraphRow | undefined {
    return this.#byKey.get(toResourceKey(id))
  }

  hasResourceGroup(subscriptionId: string, name: string): boolean {
    return this.#groups.has(`${subscriptionId.toLowerCase()}/${name.toLowerCase()}`)
  }

  subscription(subscriptionId: string): SubscriptionBody | undefined {
    const wanted = subscriptionId.toLowerCase()
    return this.subscriptions.find((each) => each.subscriptionId.toLowerCase() === wanted)
  }

  /** False: the principal has lost its role there; the subscription is in no list and every read of it is refused. */
  isVisible(subscriptionId: string): boolean {
    return !this.#hidden.has(subscriptionId.toLowerCase())
  }

  get visibleSubscriptions(): SubscriptionBody[] {
    return this.#hidden.size === 0 ? this.subscriptions : this.subscriptions.filter((each) => this.isVisible(each.subscriptionId))
  }

  /** The answer about a subject, an override first. Does not ask whether the subject exists. */
  read(kind: FactKind, subject: string): Answer | undefined {
    const key = toResourceKey(subject)
    return this.#overrides.get(`${kind} ${key}`) ?? this.#facts(kind, key, this.#byKey.get(key))
  }

  /** From now on this subject answers so. */
  setAnswer(kind: FactKind, subject: string, answer: Answer): void {
    this.#overrides.set(`${kind} ${toResourceKey(subject)}`, answer)
    this.revision++
  }

  /** Writes settings as somebody would, which the activity log tells. (`setAnswer` changes them without a trace.) */
  setDiagnosticSettings(subject: string, settings: SettingInput[], caller = 'ops@brightwater-provisions.example'): void {
    this.setAnswer('diagnostic-settings', subject, {
      status: 200,
      body: { value: settings.map((each) => settingBody(subject, each)) },
    })
    const subscriptionId = subscriptionIdOf(subject)
    if (subscriptionId === null) return
    const operation = settings.length > 0 ? 'write' : 'delete'
    this.addEvent(subscriptionId, diagnosticEvent({ subject, setting: settings[0]?.name ?? 'setting', operation, caller, at: new Date(), seed: this.revision, tenantId: this.tenantId }))
  }

  /** The refusal that covers this read: at the subject, its parent resource, its resource group, its subscription or the tenant's provider. */
  refusal(kind: FactKind, subject: string): Refusal | undefined {
    if (this.#refusals.size === 0) return undefined
    for (let at: string | null = subject; at !== null; at = parentOf(at)) {
      const found = this.#refusals.get(toResourceKey(at))
      if (found && (found.kinds === 'all' || found.kinds.includes(kind))) return found
    }
    const subscriptionId = subscriptionIdOf(subject)
    if (subscriptionId === null) return undefined
    const group = resourceGroupOf(subject)
    return [...(group === null ? [] : [`/subscriptions/${subscriptionId}/resourceGroups/${group}`]), `/subscriptions/${subscriptionId}`]
      .map((scope) => this.#refusals.get(toResourceKey(scope)))
      .find((found) => found !== undefined && (found.kinds === 'all' || found.kinds.includes(kind)))
  }

  /** True when every read of this resource is refused, so that Resource Graph leaves it out. */
  refusesAll(id: string): boolean {
    return this.#refusals.size > 0 && this.#refusals.get(toResourceKey(id))?.kinds === 'all'
  }

  /** Refuses reads at a resource, a resource group, a subscription, a management group or `/providers/microsoft.aadiam`. */
  refuse(scope: string, refusal: Refusal): void {
    this.#refusals.set(toResourceKey(scope), refusal)
    this.revision++
  }

  allow(scope: string): void {
    this.#refusals.delete(toResourceKey(scope))
    this.revision++
  }

  /** From now on the principal has no role but one of these actions, at the root group; Entra's settings lie outside of it. */
  grantOnly(actions: readonly string[]): void {
    this.granted = actions.map((action) => action.toLowerCase())
    this.revision++
  }

  /** An action as Azure names it, in any casing. */
  isGranted(action: string): boolean {
    return this.granted.includes('*/read') || this.granted.includes(action.toLowerCase()) || /^microsoft\.aadiam\//i.test(action)
  }

  hideSubscription(subscriptionId: string): void {
    this.#hidden.add(subscriptionId.toLowerCase())
    this.revision++
  }

  showSubscription(subscriptionId: string): void {
    this.#hidden.delete(subscriptionId.toLowerCase())
    this.revision++
  }

  addResource(row: GraphRow, table: GraphTable = 'resources'): void {
    this.#tables[table].push(row)
    this.#index(row)
    this.revision++
  }

  /** Changes columns of a row in place; its id stays. */
  updateResource(id: string, change: Partial<Omit<GraphRow, 'id'>>): void {
    const row = this.row(id)
    if (!row) throw new Error(`no such resource in the simulated tenant: ${id}`)
    Object.assign(row, change)
    this.revision++
  }

  /** Takes a resource and its children out. Its diagnostic settings outlive it, as Azure's do, and come back with the id. */
  removeResource(id: string): void {
    const key = toResourceKey(id)
    this.#removeWhere((row) => {
      const rowKey = toResourceKey(row.id)
      return rowKey === key || rowKey.startsWith(`${key}/`)
    })
  }

  /** Takes a subscription with all its rows out, as after its deletion. */
  removeSubscription(subscriptionId: string): void {
    const wanted = subscriptionId.toLowerCase()
    const at = this.subscriptions.findIndex((each) => each.subscriptionId.toLowerCase() === wanted)
    if (at >= 0) this.subscriptions.splice(at, 1)
    this.placement.delete(wanted)
    this.events.delete(wanted)
    this.#removeWhere((row) => row.subscriptionId.toLowerCase() === wanted)
  }

  /** Adds an event to a subscription's activity log; newest first. */
  addEvent(subscriptionId: string, event: JsonObject): void {
    const key = subscriptionId.toLowerCase()
    this.events.set(key, [event, ...(this.events.get(key) ?? [])])
  }

  #index(row: GraphRow): void {
    this.#byKey.set(toResourceKey(row.id), row)
    if (row.resourceGroup) this.#groups.add(`${row.subscriptionId.toLowerCase()}/${row.resourceGroup.toLowerCase()}`)
  }

  #removeWhere(gone: (row: GraphRow) => boolean): void {
    for (const table of graphTables) {
      this.#tables[table] = this.#tables[table].filter((row) => {
        if (!gone(row)) return true
        this.#byKey.delete(toResourceKey(row.id))
        return false
      })
    }
    this.revision++
  }
}
