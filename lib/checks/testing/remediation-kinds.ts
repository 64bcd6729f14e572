import type { Remediation } from '@/lib/domain/check'

/** What a remediation is pasted or assigned as: every gap has each of them. */
export const remediationKinds = ['azureCli', 'bicep', 'terraform', 'policy'] as const
export type RemediationKind = (typeof remediationKinds)[number]

const ofRetention = 'no built-in policy looks at how long a table or a blob is kept'
const ofEntra = 'policies look at resources and subscriptions, and the settings of Entra ID are of neither'
const ofSentinel = 'no built-in policy looks at Sentinel'
const ofOperation = 'the built-in policy on alerts takes a list of operations, and these are not in it'
const ofLinux = 'no built-in policy looks at it on Linux, and only a custom machine configuration can'
const ofLock = 'a locked policy is made longer by a command alone, and changed by nothing'
const ofSystem = 'what the system behind an event hub keeps is no setting of Azure’s'
const ofRemoval = 'it declares what is there, and takes nothing away that it did not make'

/** Where a kind does not exist for all or some gaps of a check, and why. */
export const withoutKind: Readonly<Record<string, Partial<Record<RemediationKind, string>>>> = {
  'machine-time-source': { policy: ofLinux },
  'platform-default-time': { policy: ofLinux },
  'linux-command-line-audit': { policy: ofLinux },
  'legacy-log-agent': { bicep: ofRemoval, terraform: ofRemoval },
  'management-group-activity-log-export': { policy: 'policies do not see management groups (Azure/azure-policy, issue 1304)' },
  'entra-log-export': { policy: ofEntra },
  'entra-log-export-complete': { policy: ofEntra },
  'workspace-takes-all': { policy: 'no built-in policy looks at the daily cap' },
  'workspace-hardened': { policy: 'no built-in policy looks at immediate purge' },
  'application-insights-workspace': { policy: 'no built-in policy looks at where telemetry lies' },
  'sql-devops-audit': { policy: 'no built-in policy looks at the audit of Microsoft’s support' },
  'postgres-mysql-audit-parameters': { policy: 'no built-in policy looks at the audit of a MySQL flexible server; PostgreSQL has one' },
  'sql-audit-retention': { policy: 'the built-in policy looks at the days of the audit, and at no lifecycle rule that ends it' },
  'resource-log-retention': { policy: ofRetention },
  'workspace-retention': { policy: ofRetention },
  'log-storage-retention': { policy: ofRetention },
  'log-storage-immutable': { azureCli: ofLock, bicep: ofLock, terraform: ofLock, policy: 'no built-in policy looks at the immutability of containers' },
  'activity-log-beyond-90-days': { policy: `${ofRetention}; where nothing is exported there is one` },
  'event-hub-retention': { azureCli: ofSystem, bicep: ofSystem, terraform: ofSystem, policy: ofSystem },
  'siem-in-place': { policy: ofSentinel },
  'detections-on': { policy: ofSentinel },
  'sentinel-anomaly-rules': { policy: ofSentinel },
  'activity-alert-public-ip-address-write': { policy: ofOperation },
  'activity-alert-public-ip-address-delete': { policy: ofOperation },
  'logging-tamper-alert': { policy: ofOperation },
}

/** The kinds that a remediation lacks without a reason. */
export function kindsMissing(check: string, remediation: Remediation): RemediationKind[] {
  return remediationKinds.filter((kind) => remediation[kind] === undefined && withoutKind[check]?.[kind] === undefined)
}
