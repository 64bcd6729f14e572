import type { Collected, ReadFailure } from './collected'
import type { ManagementGroup, Resource, Subscription, Workspace } from './estate'
import type { FactSource, FactValues } from './fact'
import type { Judgement } from './finding'
import type { KeyPoint } from './key-point'
import type { LogCatalog } from './log-catalog'
import type { CentralWorkspaces, Policy } from './policy'
import type { Severity } from './verdict'

/** What a check can be asked about. `id` is the finding's resourceId. */
export type Subject =
  | { kind: 'resource'; id: string; resource: Resource }
  | { kind: 'subscription'; id: string; subscription: Subscription }
  | { kind: 'management-group'; id: string; managementGroup: ManagementGroup }
  | { kind: 'tenant'; id: string; tenantId: string }

/** What sends to one destination, over the whole estate: made before judging from all effective logging. */
export interface DestinationUse {
  /** Subjects (resources, subscriptions, tenant) with at least one effective category there. */
  subjects: number
  /** Log Analytics tables that required categories write to, in other words the security tables in use; sorted. Empty for other destinations. */
  tables: string[]
  /**
   * Sorted. A storage account: containers of required categories. An event hub or partner: required categories, in lower
   * case, that some subject sends nowhere else. Empty for workspaces.
   */
  categories: string[]
  /** Key points that a table or container of these serves; absent: the audit of resources alone. */
  keyPoints?: Readonly<Record<string, readonly KeyPoint[]>>
  /** Sorted. Those containers of a storage account whose logs some subject has in no workspace that keeps them for the total time; absent: none. */
  onlyCopies?: string[]
  /** Sorted. Those of which it is not known for how long a workspace keeps them; absent: none. */
  unclearCopies?: string[]
}

export type DestinationKind = 'workspace' | 'storage-account' | 'event-hub' | 'partner'

/** `unclear`: open by its rules, yet shut to public networks, without an exception for services. */
export type StorageFirewall = 'open' | 'closed' | 'unclear'

/** What is known of all log destinations of the estate. Lookups take ids in any casing. */
export interface Destinations {
  workspace(id: string): Workspace | undefined
  /** True when a resource of that id is in the inventory (storage accounts, event hub namespaces, partner resources). */
  exists(id: string): boolean
  /** Whether the firewall of a storage account in sight lets in the services of Azure that write logs. */
  firewallOf(id: string): StorageFirewall
  /** True where a rule of that firewall names one resource, which it lets in whatever it does with others. */
  admits(id: string, resourceId: string): boolean
  /** What it lets in all the same where it is closed, in Azure's words: `Logging`, `Metrics`. */
  exceptionsOf(id: string): readonly string[]
  /** True when the subscription's inventory was read, so that an absent id there means deleted. */
  canSee(subscriptionId: string): boolean
  use(id: string): DestinationUse | undefined
  /** The id of the storage account in sight with that name, which no other account of Azure has. */
  storageAccountNamed(name: string): string | undefined
  /** Every Log Analytics workspace in sight. */
  workspaceIds: readonly string[]
  central: CentralWorkspaces
}

/** What tells one kind of resource from another. */
export type ResourceKind = Pick<Resource, 'type' | 'kind' | 'location'>

/** One subscription's part of the estate (or the tenant's, with no subscription), or some resources of it, plus what is shared by all. */
export interface Estate {
  tenantId: string
  /** `AzureCloud`, `AzureUSGovernment` or `AzureChinaCloud`. */
  cloud: string
  subscription: Subscription | null
  managementGroups: ManagementGroup[]
  /** Names of the management groups above the subscription; empty for the tenant's part and where they are not known. */
  managementGroupNames: readonly string[]
  /** Those that are judged: of a large subscription some at a time. */
  resources: Resource[]
  /** What kinds of resource the whole subscription has, some more than once. */
  kinds: readonly ResourceKind[]
  /** True: the subscription itself, or the management groups and the tenant, are judged with these resources. */
  judgesScopes: boolean
  /** Set when the subscription is out of sight: its resources are those of an earlier scan, and every fact about them is this failure. */
  lost: ReadFailure | undefined
  /** Children by id of the parent, in any casing: a SQL server's databases, an account's services. */
  childrenOf(id: string): Resource[]
  /** Of the resources that are judged and of what is needed to judge them (see `slicesOf`). */
  resource(id: string): Resource | undefined
  /** Undefined: never asked. Covers this subscription's subjects and, for any subscription, destinations. */
  fact<S extends FactSource>(subject: string, source: S): Collected<FactValues[S]> | undefined
  /** The live log categories for a resource's type, region and kind. */
  liveCategories(resource: Resource): Collected<FactValues['log-categories']> | undefined
  destinations: Destinations
}

export interface CheckContext {
  estate: Estate
  policy: Policy
  catalog: LogCatalog
  /** When the scan began, ISO 8601 UTC. */
  scannedAt: string
}

/** Where a rule comes from. */
export interface CheckSource {
  title: string
  url: string
}

export interface BenchmarkMapping {
  framework: 'ASB v1' | 'MCSB v1' | 'MCSB v2' | 'CIS Azure 2.0' | 'CIS Azure 2.1' | 'CIS Azure 3.0' | 'CIS Azure 4.0' | 'CIS Azure 5.0' | 'NIST SP 800-53' | 'ISO 27001' | 'PCI DSS'
  controls: string[]
}

/** Something else that may count as what a check asks for, where the policy accepts it. */
export interface CheckAlternative {
  id: string
  title: string
  /** What it shows and what it does not, in a sentence or two. */
  meaning: string
}

export interface Remediation {
  /** What to do, in one or two sentences. */
  summary: string
  /** Ready to paste, with the resource's own id filled in; absent where the kind does not exist. */
  azureCli?: string
  bicep?: string
  terraform?: string
  /** Built-in Azure Policy that keeps it fixed. */
  policy?: { id: string; displayName: string }
  portal?: string
}

/** One check: what it asks, why, and how it decides. A pure function of facts and policy: no I/O, no clock. */
export interface Check {
  /** Stable for ever: history hangs on it. */
  id: string
  /** Former ids of the same check. */
  aliases?: readonly string[]
  /** Other things that the policy may let count as a pass; each id names its check too, for example `edr-process-telemetry`. */
  alternatives?: readonly CheckAlternative[]
  /** Raised when the rule changes, so that a changed verdict can be told from a changed estate. */
  version: number
  keyPoint: KeyPoint
  title: string
  /** The question that a finding answers. */
  question: string
  why: string
  severity: Severity
  /** True: off unless the policy names it among `enabledChecks`. */
  optional?: boolean
  /** How it decides, in plain words: one line per verdict. */
  rules: { pass: string; fail: string; notApplicable?: string; unknown: string }
  sources: readonly CheckSource[]
  mappings: readonly BenchmarkMapping[]
  /** Azure actions that its evidence needs. */
  permissions: readonly string[]
  /** The resource types (lower case) and kinds of other subjects that it can apply to, so that others are not even asked. Absent: any. */
  asks?: readonly string[]
  /** Undefined: the check does not apply to this subject, and no finding is made. */
  evaluate(subject: Subject, context: CheckContext): Judgement | undefined
  /** For a fail (or unknown): what to do, filled in. */
  remediate(subject: RemediationSubject, context: RemediationContext): Remediation
}

/** What a remediation is filled in from: the finding as stored, not the estate. */
export interface RemediationSubject {
  resourceId: string
  resourceType: string
  resourceName: string
  location: string
  judgement: Judgement
}

export interface RemediationContext {
  centralWorkspaceIds: string[]
  policy: Policy
  catalog: LogCatalog
}
