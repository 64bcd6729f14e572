import { noSecurityLogs, requiredRules, type RequiredRule } from '@/lib/catalog/judgement'
import type { Resource } from '@/lib/domain/estate'
import type { CatalogType } from '@/lib/domain/log-catalog'
import type { Policy } from '@/lib/domain/policy'

export interface OfferedCategory {
  name: string
  /** Lower case. */
  key: string
  /** The table made for it; null when no source says. */
  table: string | null
}

/** The categories that a type offers, as far as Azure's answer or the catalogue tells. */
export interface CategoryOffer {
  type: string
  catalogType: CatalogType | undefined
  /** Where the list comes from. */
  source: 'live' | 'catalogue' | 'none'
  offered: readonly OfferedCategory[]
  byKey: ReadonlyMap<string, OfferedCategory>
  /** Names of the live audit group. */
  liveAudit: readonly string[]
  /** False when Azure's answer names no group at all, as older answers do. */
  liveNamesGroups: boolean
}

/** Which rule decided the required set: an auditor will ask. */
export type RequiredBy =
  | 'policy'
  | 'type-judgement'
  | 'live-audit-group'
  | 'catalogue-audit'
  | 'security-tables'
  | 'all-categories'
  | 'sql-auditing'
  | 'platform-scope'
  | 'unknown'
  | 'none'

/** What must be logged of one subject. */
export interface RequiredSet {
  decidedBy: RequiredBy
  /** Every one of these; for `unknown` every category on offer, which surely holds the required ones. */
  categories: readonly string[]
  /** One of each list. */
  anyOf: readonly (readonly string[])[]
  /** Why the type's nature dictates the set; null for the other rules. */
  why: string | null
}

const nothing: RequiredSet = { decidedBy: 'none', categories: [], anyOf: [], why: null }

function setOf(decidedBy: RequiredBy, categories: readonly string[]): RequiredSet {
  return { decidedBy, categories, anyOf: [], why: null }
}

/** What distinguishes resources of one type that must log different things; empty for most. */
export function requiredVariant(resource: Resource): string {
  const rules = requiredRules[resource.type]
  if (!rules) return ''
  if (resource.type === 'microsoft.containerservice/managedclusters') return resource.properties.aadProfile ? 'entra' : ''
  if (resource.type === 'microsoft.network/applicationgateways') return /^(?!waf)./i.test(tierOf(resource)) ? 'no-firewall' : ''
  if (resource.type === 'microsoft.network/azurefirewalls') return /^(standard|basic)$/i.test(tierOf(resource)) ? 'no-intrusion-detection' : ''
  if (messagingTypes.has(resource.type)) return /^(standard|basic)$/i.test(resource.skuName ?? '') && isOutsideClusters(resource) ? 'no-runtime-audit' : ''
  const kind = resource.kind?.toLowerCase() ?? ''
  return rules.find((rule) => rule.variant !== '' && kind.includes(rule.variant))?.variant ?? ''
}

/** A namespace of event hubs in a dedicated cluster says Standard. One that an earlier release stored does not tell, and is asked for all that it may write. */
function isOutsideClusters({ type, properties }: Resource): boolean {
  return type !== 'microsoft.eventhub/namespaces' || properties.clusterArmId === null
}

const messagingTypes = new Set(['microsoft.eventhub/namespaces', 'microsoft.servicebus/namespaces'])

/** Empty without word of the tier: it may be one that logs more. */
function tierOf({ properties: { sku } }: Resource): string {
  return typeof sku === 'object' && sku !== null && 'tier' in sku && typeof sku.tier === 'string' ? sku.tier : ''
}

const policyRules = new WeakMap<Policy, ReadonlyMap<string, readonly string[]>>()

function policyRuleOf(type: string, policy: Policy): readonly string[] | undefined {
  let rules = policyRules.get(policy)
  if (!rules) {
    rules = new Map(Object.entries(policy.requiredCategories).map(([name, categories]) => [name.toLowerCase(), categories]))
    policyRules.set(policy, rules)
  }
  return rules.get(type)
}

function byTypeJudgement(rule: RequiredRule, offer: CategoryOffer): RequiredSet | undefined {
  const offers = (name: string): boolean => offer.source !== 'live' || offer.byKey.has(name.toLowerCase())
  const categories = rule.all.filter(offers)
  const anyOf = rule.anyOf.map((names) => names.filter(offers)).filter((names) => names.length > 0)
  return categories.length + anyOf.length === 0 ? undefined : { decidedBy: 'type-judgement', categories, anyOf, why: rule.why }
}

/** What the nature of the type dictates, whatever policy and groups say; undefined for most types. */
export function typeRequirement(resource: Resource): RequiredSet | undefined {
  const variant = requiredVariant(resource)
  const rule = requiredRules[resource.type]?.find((candidate) => candidate.variant === variant)
  return rule && { decidedBy: 'type-judgement', categories: rule.all, anyOf: rule.anyOf, why: rule.why }
}

/** The rules of key-points 0.2 in their order. Depends on the type, its live categories, the variant and the policy alone. */
export function decideRequired(offer: CategoryOffer, variant: string, policy: Policy): RequiredSet {
  const chosen = policyRuleOf(offer.type, policy)
  if (chosen) return chosen.length > 0 ? setOf('policy', [...chosen].sort()) : nothing
  if (noSecurityLogs[offer.type] !== undefined) return nothing
  if (offer.offered.length === 0 && offer.source === 'live') return nothing

  const rule = requiredRules[offer.type]?.find((candidate) => candidate.variant === variant)
  const judged = rule && byTypeJudgement(rule, offer)
  if (judged && rule.overrulesAuditGroup) return judged

  if (offer.liveAudit.length > 0) return setOf('live-audit-group', offer.liveAudit)

  const { catalogType } = offer
  const offered = (name: string): boolean => offer.byKey.has(name.toLowerCase())
  const certain = (catalogType?.categories ?? []).filter((category) => category.audit === true && offered(category.name))
  if (certain.length > 0) return setOf('catalogue-audit', certain.map((category) => category.name))
  if (judged) return judged

  // The type has an audit group, but neither Azure's answer nor the catalogue says what is in it.
  if (catalogType?.auditGroup === true && !offer.liveNamesGroups) return setOf('unknown', offer.offered.map((c) => c.name))
  if (offer.offered.length === 0) return setOf('unknown', [])

  const hinted = (catalogType?.categories ?? []).filter((category) => category.auditHint && offered(category.name))
  if (hinted.length > 0) return setOf('security-tables', hinted.map((category) => category.name))
  return setOf('all-categories', offer.offered.map((category) => category.name))
}

/** True when the category is required whatever else is sent. Lower case, as below. */
export function isAlwaysRequired(required: RequiredSet, key: string): boolean {
  return required.categories.some((name) => name.toLowerCase() === key)
}

/** True when the category belongs to the required set; of some of these one is enough. */
export function isRequired(required: RequiredSet, key: string): boolean {
  return isAlwaysRequired(required, key) || required.anyOf.some((names) => names.some((name) => name.toLowerCase() === key))
}
