/** The demo tenant's own words: an invented grocer with a cold chain. */
export const company = { name: 'Brightwater Provisions', domain: 'brightwater-provisions.example' } as const

export type Discipline = 'strong' | 'fair' | 'weak'
export type Environment = 'platform' | 'prod' | 'test' | 'dev' | 'sandbox'

export interface SubscriptionTemplate {
  name: string
  environment: Environment
  discipline: Discipline
  /** Management group that it lies in. */
  group: string
}

/** The first subscriptions of every generated tenant, largest first. More are named after business units and regions. */
export const firstSubscriptions: readonly [SubscriptionTemplate, ...SubscriptionTemplate[]] = [
  { name: 'Platform Management', environment: 'platform', discipline: 'strong', group: 'platform' },
  { name: 'Stores Production', environment: 'prod', discipline: 'strong', group: 'production' },
  { name: 'Supply Chain Production', environment: 'prod', discipline: 'fair', group: 'production' },
  { name: 'Data and Analytics', environment: 'prod', discipline: 'strong', group: 'production' },
  { name: 'Online Shop Production', environment: 'prod', discipline: 'strong', group: 'production' },
  { name: 'Engineering Test', environment: 'test', discipline: 'fair', group: 'non-production' },
  { name: 'Corporate Applications', environment: 'prod', discipline: 'fair', group: 'production' },
  { name: 'Sandbox – Årsta Lab', environment: 'sandbox', discipline: 'weak', group: 'sandboxes' },
]

export const businessUnits = [
  'Dairy',
  'Bakery',
  'Fleet',
  'Warehouses',
  'Loyalty',
  'Payments',
  'Pricing',
  'Procurement',
  'Franchise',
  'Cold Chain',
  'Wholesale',
  'Finance',
  'People',
  'Marketing',
  'Forecasting',
  'Store Devices',
  'Partner Portal',
  'Quality',
  'Recipes',
  'Delivery',
] as const

export const markets = ['Nordics', 'Benelux', 'Iberia', 'Alps', 'Baltics', 'Isles'] as const

export const workloads = [
  'orders',
  'basket',
  'checkout',
  'loyalty',
  'pricing',
  'routing',
  'picking',
  'inventory',
  'invoices',
  'payroll',
  'recipes',
  'catalog',
  'search',
  'forecast',
  'telemetry',
  'coldchain',
  'returns',
  'suppliers',
  'planning',
  'reports',
  'identity',
  'portal',
  'mobile',
  'labels',
] as const

export const regions: readonly [Region, ...Region[]] = [
  { name: 'westeurope', short: 'weu' },
  { name: 'northeurope', short: 'neu' },
  { name: 'swedencentral', short: 'sec' },
  { name: 'eastus2', short: 'eus2' },
]

export interface Region {
  name: string
  short: string
}

export const managementGroups = [
  { name: 'brightwater', displayName: 'Brightwater Provisions', parent: null },
  { name: 'platform', displayName: 'Platform', parent: 'brightwater' },
  { name: 'landing-zones', displayName: 'Landing zones', parent: 'brightwater' },
  { name: 'production', displayName: 'Production', parent: 'landing-zones' },
  { name: 'non-production', displayName: 'Non-production', parent: 'landing-zones' },
  { name: 'sandboxes', displayName: 'Sandboxes', parent: 'brightwater' },
] as const

const owners = [
  'store-systems',
  'supply-apps',
  'data-platform',
  'shop-web',
  'core-infra',
  'finance-it',
  'people-it',
  'field-devices',
] as const

/** Ordinary tags of a resource group; one in forty holds text that careless output would trip over. */
export function tagsFor(draw: (what: string) => number, environment: Environment): Record<string, string> {
  const tags: Record<string, string> = {
    environment,
    owner: owners[Math.floor(draw('owner') * owners.length)] ?? owners[0],
    costCenter: String(4100 + Math.floor(draw('cost') * 90)),
  }
  const odd = Math.floor(draw('odd') * 40 * hostileTags.length)
  const hostile = hostileTags[odd]
  return hostile ? { ...tags, ...hostile } : tags
}

const hostileTags: readonly Record<string, string>[] = [
  { note: "=cmd|'/c calc'!A1" },
  { 'quoted "owner"': 'O\'Neil & "Sons"' },
  { markup: '<script>alert(1)</script><b>bold</b>' },
  { ansvarig: 'Åsa Öberg, 生鮮食品, Żółć' },
  { formula: '+SUM(1;2)', minus: '-1+1', at: '@SUM(A1)' },
  { lines: 'first\nsecond\tthird', path: 'C:\\temp\\,;|' },
]
