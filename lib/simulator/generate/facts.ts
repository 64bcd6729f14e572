import { subscriptionIdOf, typeOf } from '@/lib/domain/arm-id'
import { ok, type Answer } from '../answer'
import type { GraphRow } from '../graph-row'
import { settingBody, type SettingInput } from '../setting-body'
import type { FactKind, FactSource } from '../tenant'
import { categoriesOf } from './categories'
import type { DestinationBook } from './destinations'
import type { Estate, SubscriptionPlan } from './estate'
import { machineArrivals } from './machine-evidence'
import { databaseParameter } from './database-parameters'
import { dnsLinks } from './networks'
import { activityLogSettings, entraSettings, managementGroupSettings } from './platform-settings'
import { settingsOf } from './postures'
import { pricings, securityContacts } from './security'
import { sentinelConnectors, sentinelIncidents, sentinelOnboarding, sentinelRules, workspaceQueries } from './sentinel'
import { lifecyclePolicy, containersOf } from './storage'
import { sqlAuditing } from './sql-auditing'
import { workspaceTables } from './workspace-tables'
import { loadCatalog } from '@/lib/catalog'

/** What ARM answers in a generated tenant, made from the seed each time it is asked. */
export function generatedFacts(estate: Estate, plans: SubscriptionPlan[], book: DestinationBook): FactSource {
  const planOf = new Map(plans.map((plan) => [plan.subscriptionId, plan]))
  const { seed } = estate

  const answers: Record<FactKind, (subject: string, row: GraphRow | undefined) => Answer | undefined> = {
    'diagnostic-settings': (subject) => {
      const settings = diagnosticSettings(seed, subject, planOf, book)
      return settings ? list(settings.map((each) => settingBody(subject, each))) : undefined
    },
    'diagnostic-settings-categories': (subject) => categoryAnswer(subject),
    'sql-auditing': (subject) => sqlAuditing(seed, subject, book),
    'workspace-tables': (subject, row) =>
      row ? workspaceTables(subject, row, subject === book.centralWorkspace.toLowerCase()) : undefined,
    'data-exports': () => list([]),
    'log-queries': (subject) => workspaceQueries(subject, book),
    'log-arrivals': (subject) => machineArrivals(estate, subject, book),
    'audit-arrivals': () => undefined,
    'sentinel-onboarding': (subject) => sentinelOnboarding(subject, book),
    'sentinel-rules': (subject) => sentinelRules(seed, subject, book),
    'sentinel-connectors': (subject) => sentinelConnectors(seed, subject, plans, book),
    'sentinel-incidents': (subject) => sentinelIncidents(seed, subject, book),
    lifecycle: (subject, row) => (row ? lifecyclePolicy(seed, subject, row, book) : undefined),
    containers: (subject) => containersOf(subject, book),
    'event-hubs': () => undefined,
    'hub-rules': () => undefined,
    'hub-firewall': () => undefined,
    pricings: (subject) => pricings(seed, subject, book),
    'security-contacts': (subject) => securityContacts(seed, subject, book),
    'auto-provisioning': () => list([]),
    'dcr-associations': () => list([]),
    'guest-assignments': () => list([]),
    'dns-policies': (subject) =>
      list(
        estate.resources.filter(
          (row) => row.type === 'microsoft.network/dnsresolverpolicies' && row.subscriptionId === subscriptionIdOf(subject),
        ),
      ),
    'dns-links': (subject, row) => list(row ? dnsLinks(estate, subject, row) : []),
    'dns-rules': () => list([]),
    'network-provider': () => undefined,
    'database-parameters': (subject) => databaseParameter(seed, subject),
  }
  return (kind, subject, row) => answers[kind](subject, row)
}

function diagnosticSettings(
  seed: number,
  subject: string,
  planOf: Map<string, SubscriptionPlan>,
  book: DestinationBook,
): SettingInput[] | null {
  if (subject === '/providers/microsoft.aadiam') return entraSettings(book)
  const managementGroup = /^\/providers\/microsoft\.management\/managementgroups\/([^/]+)$/.exec(subject)?.[1]
  if (managementGroup !== undefined) return managementGroupSettings(managementGroup, book)
  const subscriptionId = subscriptionIdOf(subject) ?? ''
  if (subject === `/subscriptions/${subscriptionId}`) {
    const plan = planOf.get(subscriptionId)
    return plan ? activityLogSettings(seed, plan, book) : null
  }
  const categories = categoriesOf(typeOf(subject) ?? '')
  if (!categories) return null
  const account = /^(.*\/storageaccounts\/[^/]+)\/(?:blob|file|queue|table)services\/default$/.exec(subject)?.[1]
  return settingsOf(seed, { key: subject, subscriptionId, drawKey: account ?? subject }, categories, book)
}

function categoryAnswer(subject: string): Answer | undefined {
  const entra = subject === '/providers/microsoft.aadiam'
  const categories = entra
    ? loadCatalog().platform.tenant.categories.map((name) => ({ name, groups: [] }))
    : categoriesOf(typeOf(subject) ?? '')
  if (!categories) return undefined
  const entry = (name: string, categoryType: string, categoryGroups: string[]) => ({
    id: `${subject}/providers/microsoft.insights/diagnosticSettingsCategories/${name}`,
    type: 'microsoft.insights/diagnosticSettingsCategories',
    name,
    location: null,
    kind: null,
    tags: null,
    properties: { categoryType, categoryGroups },
    identity: null,
  })
  const logs = categories.map((each) => entry(each.name, 'Logs', each.groups))
  return list(entra ? logs : [...logs, entry('AllMetrics', 'Metrics', [])])
}

function list(value: unknown[]): Answer {
  return ok({ value })
}
