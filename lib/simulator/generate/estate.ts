import type { GraphRow } from '../graph-row'
import type { Json, JsonObject } from '../json'
import { guid, uniform } from '../random'
import { tagsFor, type Discipline, type Environment, type Region } from './company'

export interface SubscriptionPlan {
  index: number
  subscriptionId: string
  displayName: string
  environment: Environment
  discipline: Discipline
  group: string
  region: Region
  /** How many rows of `resources` it gets. */
  resources: number
}

export interface Group {
  plan: SubscriptionPlan
  name: string
  region: Region
  managedBy: string
  tags: JsonObject | null
}

export interface RowExtras {
  kind?: string
  location?: string
  sku?: JsonObject
  plan?: JsonObject
  properties?: JsonObject
  identity?: JsonObject | null
  zones?: Json[]
  /** False: no tags at all, as on resources that a service made. */
  tagged?: boolean
}

const succeeded: JsonObject = { provisioningState: 'Succeeded' }

/** The rows of a tenant under construction, and what else is drawn from its seed. */
export class Estate {
  readonly tenantId: string
  readonly resources: GraphRow[] = []
  readonly groups: GraphRow[] = []
  readonly #groupIds = new Set<string>()

  constructor(readonly seed: number) {
    this.tenantId = guid(seed, 'tenant')
  }

  /** A number from 0 up to 1 for this purpose, the same each time. */
  draw(...parts: (string | number)[]): number {
    return uniform(this.seed, ...parts)
  }

  /** A resource group, listed on first use. */
  group(plan: SubscriptionPlan, name: string, region: Region, managedBy = ''): Group {
    const tags = managedBy === '' ? tagsFor((what) => this.draw('tags', plan.subscriptionId, name, what), plan.environment) : null
    const id = `/subscriptions/${plan.subscriptionId}/resourceGroups/${name}`
    if (!this.#groupIds.has(id)) {
      this.#groupIds.add(id)
      this.groups.push({
        ...this.#blank(plan, name.toLowerCase()),
        id,
        name,
        type: 'microsoft.resources/subscriptions/resourcegroups',
        location: region.name,
        managedBy,
        properties: succeeded,
        tags,
      })
    }
    return { plan, name, region, managedBy, tags }
  }

  /** Makes a row without adding it. `type` is spelt as Azure writes it: `Microsoft.KeyVault/vaults`. */
  row(group: Group, type: string, name: string, extras: RowExtras = {}): GraphRow {
    const groupName =
      type === 'Microsoft.Compute/disks' && this.draw('upper', group.name, name) < 0.3 ? group.name.toUpperCase() : group.name
    const base = `/subscriptions/${group.plan.subscriptionId}/${this.#word(group, name)}/${groupName}/providers`
    return {
      ...this.#blank(group.plan, group.name.toLowerCase()),
      id: `${base}/${pathOf(this.#provider(type, name), name)}`,
      name: name.split('/').at(-1) ?? name,
      type: type.toLowerCase(),
      kind: extras.kind ?? '',
      location: extras.location ?? group.region.name,
      sku: extras.sku ?? null,
      plan: extras.plan ?? null,
      properties: extras.properties ? { provisioningState: 'Succeeded', ...extras.properties } : succeeded,
      tags: extras.tagged === false ? null : group.tags,
      identity: extras.identity ?? null,
      zones: extras.zones ?? null,
    }
  }

  add(rows: readonly GraphRow[]): void {
    for (const row of rows) this.resources.push(row)
  }

  /** Most ids say resourceGroups; what some providers create says resourcegroups. */
  #word(group: Group, name: string): string {
    return this.draw('casing', group.plan.subscriptionId, name) < 0.04 ? 'resourcegroups' : 'resourceGroups'
  }

  #provider(type: string, name: string): string {
    return type.startsWith('Microsoft.Insights/') && this.draw('provider', name) < 0.4
      ? type.replace('Microsoft.Insights', 'microsoft.insights')
      : type
  }

  #blank(plan: SubscriptionPlan, resourceGroup: string): GraphRow {
    return {
      id: '',
      name: '',
      type: '',
      tenantId: this.tenantId,
      kind: '',
      location: '',
      resourceGroup,
      subscriptionId: plan.subscriptionId,
      managedBy: '',
      sku: null,
      plan: null,
      properties: succeeded,
      tags: null,
      identity: null,
      zones: null,
      extendedLocation: null,
    }
  }
}

/** `Microsoft.Sql/servers/databases` and `s/db` become `Microsoft.Sql/servers/s/databases/db`. */
function pathOf(type: string, name: string): string {
  const [provider = '', ...types] = type.split('/')
  const names = name.split('/')
  return [provider, ...types.flatMap((each, index) => [each, names[index] ?? ''])].join('/')
}
