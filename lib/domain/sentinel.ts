/** What Microsoft Sentinel does on a workspace that it is onboarded to. */

export interface SentinelOnboarding {
  onboarded: boolean
}

/** An analytics rule. */
export interface SentinelRule {
  id: string
  /** What people call it: the id ends in a GUID. */
  name: string
  /** `Scheduled`, `NRT`, `Fusion`, `MicrosoftSecurityIncidentCreation`… as Azure names it. */
  kind: string
  enabled: boolean
  /** False: it raises alerts and no incident. */
  createsIncidents: boolean
  /** The query where it reads the table AzureActivity, null otherwise. `onAny`: a single row raises the alert. */
  activityQuery: { text: string; onAny: boolean } | null
}

/** What brings data in. */
export interface SentinelConnector {
  id: string
  /** `AzureSecurityCenter`, `MicrosoftThreatProtection`… as Azure names it. */
  kind: string
  /** Lower case; null: it is for the whole tenant. */
  subscriptionId: string | null
  /** Data types that are on, in lower case: `alerts`, `incidents`… */
  dataTypes: string[]
}

/** An incident of severity High or Medium that nobody has begun to work on. */
export interface NewIncident {
  /** Absent in what an earlier release stored. */
  id?: string
  severity: 'High' | 'Medium'
  /** ISO 8601, UTC. */
  createdAt: string
}
