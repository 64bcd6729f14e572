import { subscriptionIdOf, toResourceKey } from '@/lib/domain/arm-id'
import type { CheckContext } from '@/lib/domain/check'
import type { Collected } from '@/lib/domain/collected'
import type { DiagnosticSetting, Resource } from '@/lib/domain/estate'
import { tenantSubject } from '@/lib/domain/fact'
import { managementGroupPrefix } from '@/lib/domain/management-group'
import { BySettings } from './by-settings'
import { destinationsOfSetting, mayKeep, type Destination } from './destination'
import { tableOfFlow } from './flow-table'
import { loggingProfile, platformProfile, type LoggingProfile } from './logging-profile'
import { fateIn, type AppliedTransformation } from './workspace-transformation'

/** One way that a category takes: a setting and where it sends. The destination counts, is unreadable or may keep it, and is never gone. */
export interface Flow {
  setting: string
  /** True for the setting `Dedicated`, false for the shared table, null for the service's default. */
  dedicated: boolean | null
  destination: Destination
  /** Of a SQL audit to storage: the days after which SQL deletes its own files there (Infinity: never). */
  auditDays?: number
}

export interface EffectiveCategory {
  name: string
  key: string
  table: string | null
  flows: Flow[]
}

/** A group that is switched on while nobody says what it holds. */
export interface OpenGroup {
  /** Lower case. */
  group: string
  flow: Flow
}

export interface IgnoredSetting {
  setting: string
  why: 'switched-off' | 'metrics-only' | 'no-destination' | 'destination-deleted' | 'destination-not-ready' | 'destination-closed' | 'transformed-away'
  destination: string | null
}

/**
 * What one subject sends, all its settings taken together. Subjects of one profile whose settings say the same share one
 * object, so that what is worked out from it is worked out once: most resources of an estate are configured alike.
 */
export interface EffectiveLogging {
  profile: LoggingProfile
  read: Collected<DiagnosticSetting[]> | undefined
  /** Sorted by name. */
  settings: readonly DiagnosticSetting[]
  /** By lower-case name. */
  categories: ReadonlyMap<string, EffectiveCategory>
  openGroups: readonly OpenGroup[]
  ignored: readonly IgnoredSetting[]
  /** Transformations of workspaces that have a say in it. */
  transformations: readonly AppliedTransformation[]
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function bySettingName(a: DiagnosticSetting, b: DiagnosticSetting): number {
  return compareText(a.name.toLowerCase(), b.name.toLowerCase()) || compareText(toResourceKey(a.id), toResourceKey(b.id))
}

class Collector {
  readonly categories = new Map<string, EffectiveCategory>()
  readonly openGroups: OpenGroup[] = []
  readonly ignored: IgnoredSetting[] = []
  readonly transformations = new Map<string, AppliedTransformation>()

  constructor(
    private readonly profile: LoggingProfile,
    private readonly context: CheckContext,
  ) {}

  private ignore(setting: string, why: IgnoredSetting['why'], destination: string | null = null): void {
    if (this.ignored.some((one) => one.setting === setting && one.why === why && one.destination === destination)) return
    this.ignored.push({ setting, why, destination })
  }

  /** The flow as far as the workspace's own transformations take the rows of a category on. */
  private through(flow: Flow, category: string, table: string | null): Flow[] {
    const { destination } = flow
    if (destination.workspace === undefined || destination.workspace.defaultRuleId === null) return [flow]
    const { outcome, by } = fateIn(destination.workspace, { table, category, type: this.profile.type }, this.context)
    for (const one of by) this.transformations.set(`${one.rule} ${one.table} ${one.transformKql}`, one)
    if (outcome === 'kept') return [flow]
    if (outcome !== 'dropped') return [{ ...flow, destination: { ...destination, state: 'filtered', unclear: outcome } }]
    this.ignore(flow.setting, 'transformed-away', destination.id)
    return []
  }

  private send(name: string, key: string, table: string | null, sent: readonly Flow[]): void {
    const flows = sent.flatMap((flow) => this.through(flow, name, tableOfFlow(flow, { table }, this.profile.bothTables)))
    if (flows.length === 0) return
    const known = this.categories.get(key)
    if (known) known.flows.push(...flows)
    else this.categories.set(key, { name, key, table, flows: [...flows] })
  }

  private sendGroup(written: string, flows: readonly Flow[]): void {
    const group = written.toLowerCase()
    const content = this.profile.groups.get(group)
    for (const category of content?.categories ?? []) this.send(category.name, category.key, category.table, flows)
    if (content === undefined || content.open) for (const flow of flows.flatMap((one) => this.through(one, written, null))) this.openGroups.push({ group, flow })
  }

  add(setting: DiagnosticSetting): void {
    const enabled = setting.logs.filter((entry) => entry.enabled)
    if (enabled.length === 0) {
      this.ignore(setting.name, setting.metricsEnabled > 0 ? 'metrics-only' : 'switched-off')
      return
    }
    const destinations = destinationsOfSetting(setting, this.context)
    if (destinations.length === 0) this.ignore(setting.name, 'no-destination')
    const type = setting.logAnalyticsDestinationType?.toLowerCase()
    const dedicated = type === 'dedicated' ? true : type === 'azurediagnostics' ? false : null
    const flows: Flow[] = []
    for (const destination of destinations) {
      if (destination.state === 'deleted') this.ignore(setting.name, 'destination-deleted', destination.id)
      else if (destination.state === 'not-ready') this.ignore(setting.name, 'destination-not-ready', destination.id)
      else if (destination.state === 'closed') this.ignore(setting.name, 'destination-closed', destination.id)
      else flows.push({ setting: setting.name, dedicated, destination })
    }
    if (flows.length === 0) return
    for (const { category, categoryGroup } of enabled) {
      if (categoryGroup) this.sendGroup(categoryGroup, flows)
      else if (category) {
        const key = category.toLowerCase()
        const offered = this.profile.byKey.get(key)
        this.send(offered?.name ?? category, key, offered?.table ?? null, flows)
      }
    }
  }
}

const noSettings: readonly DiagnosticSetting[] = []

function collect(read: Collected<DiagnosticSetting[]> | undefined, profile: LoggingProfile, context: CheckContext): EffectiveLogging {
  const value = read?.ok ? read.value : noSettings
  const settings = value.length > 1 ? value.toSorted(bySettingName) : value
  const collector = new Collector(profile, context)
  for (const setting of settings) collector.add(setting)
  const { categories, openGroups, ignored, transformations } = collector
  return { profile, read, settings, categories, openGroups, ignored, transformations: [...transformations.values()] }
}

/** What subjects of one profile, which belongs to one scan and one policy, send: by settings that say the same, or by what was answered in place of settings. */
interface Known {
  bySettings: BySettings<EffectiveLogging>
  byAnswer: Map<string, EffectiveLogging>
}

const knownOf = new WeakMap<LoggingProfile, Known>()

/** Takes all settings of a subject together: the union of enabled categories over destinations that count (key-points 0.1). */
export function collectEffective(subject: string, profile: LoggingProfile, context: CheckContext): EffectiveLogging {
  const read = context.estate.fact(subject, 'diagnostic-settings')
  let known = knownOf.get(profile)
  if (!known) knownOf.set(profile, (known = { bySettings: new BySettings(), byAnswer: new Map() }))
  if (read?.ok) return known.bySettings.of(read.value, () => collect(read, profile, context))
  const answer = read === undefined ? '' : JSON.stringify(read)
  let effective = known.byAnswer.get(answer)
  if (!effective) known.byAnswer.set(answer, (effective = collect(read, profile, context)))
  return effective
}

/** What a resource logs and where that goes, by all of its settings together. */
export function effectiveLoggingOf(resource: Resource, context: CheckContext): EffectiveLogging {
  return collectEffective(resource.id, loggingProfile(resource, context), context)
}

/** The effective logging of a resource, `/subscriptions/{id}`, a management group or `/tenants/{id}`; undefined for an id outside the estate. */
export function effectiveLogging(subjectId: string, context: CheckContext): EffectiveLogging | undefined {
  const resource = context.estate.resource(subjectId)
  if (resource) return effectiveLoggingOf(resource, context)
  const key = toResourceKey(subjectId)
  const scope =
    key === tenantSubject(context.estate.tenantId)
      ? 'tenant'
      : /^\/subscriptions\/[^/]+$/.test(key) && subscriptionIdOf(key) !== null
        ? 'subscription'
        : key.startsWith(managementGroupPrefix)
          ? 'managementGroup'
          : undefined
  if (scope === undefined) return undefined
  return collectEffective(subjectId, platformProfile(scope, context), context)
}

/** True when some log reaches a destination that counts, or may keep it. */
export function logsAnything(effective: EffectiveLogging): boolean {
  for (const category of effective.categories.values()) {
    if (category.flows.some((flow) => mayKeep(flow.destination))) return true
  }
  return effective.openGroups.some(({ flow }) => mayKeep(flow.destination))
}
