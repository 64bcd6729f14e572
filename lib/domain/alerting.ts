import type { ReadFailure } from './collected'

/** What raises alerts and whom it reaches. Addresses are never kept: receivers and contacts are counted. */

/** One Defender for Cloud plan of a subscription. */
export interface DefenderPlan {
  /** `VirtualMachines`, `KeyVaults`… as Azure names it. */
  name: string
  tier: 'Free' | 'Standard'
  subPlan: string | null
  /** ISO 8601 duration; `PT0S` or null: no trial. */
  freeTrialRemainingTime: string | null
  /** `FullyCovered`, `PartiallyCovered` or `NotCovered`; null from older APIs. */
  coverage: string | null
  /** The scope that a plan was taken over from; null: set at this subscription. */
  inheritedFrom: string | null
  deprecated: boolean
  /** Parts of the plan that are on, by name; absent: Azure lists none. */
  extensionsOn?: string[]
}

/** One security contact of a subscription, from whichever shape Azure gave. */
export interface SecurityContact {
  name: string
  /** How many mail addresses it names. */
  emails: number
  /** Mail about alerts; null: the contact says nothing of them. */
  alerts: boolean | null
  /** `High`, `Medium` or `Low`; null: not named. */
  minimalSeverity: string | null
  /** Notices by role; null: not named. */
  byRole: boolean | null
  roles: string[]
}

export interface AlertLeaf {
  field: string | null
  equals: string | null
  /** Holds when the event's value contains one of these. */
  containsAny: string[]
}

/** One entry of a rule's `allOf`; with `anyOf`, one of those must hold instead. */
export interface AlertCondition extends AlertLeaf {
  anyOf: AlertLeaf[]
}

export interface ActivityLogAlert {
  id: string
  enabled: boolean
  scopes: string[]
  /** All must hold. */
  conditions: AlertCondition[]
  actionGroupIds: string[]
}

/** A scheduled query rule. */
export interface QueryRule {
  id: string
  enabled: boolean
  /** Subscriptions, resource groups or workspaces that the query runs over. */
  scopes: string[]
  /** The queries that read the table AzureActivity. `onAny`: a single row raises the alert, whatever it holds. */
  queries: { text: string; onAny: boolean }[]
  actionGroupIds: string[]
  /** True: its alerts fire on the resources that a column of the rows names, not on what the query runs over. Absent: not so, or stored by an earlier release. */
  byResource?: boolean
}

export interface ActionGroup {
  id: string
  enabled: boolean
  /** Receivers that are not switched off, by kind (`email`, `sms`, `webhook`…); kinds without one are left out. */
  receivers: Record<string, number>
  /** Receivers that are switched off. */
  disabledReceivers: number
}

/** A processing rule of Azure Monitor, which changes what fired alerts call. Service Health alerts it leaves alone. */
export interface ProcessingRule {
  id: string
  enabled: boolean
  scopes: string[]
  /** All must hold; none: it takes every alert of its scopes. */
  conditions: { field: string | null; operator: string | null; values: string[] }[]
  /** False: in force at some times only. */
  always: boolean
  /** What limits it in time, where something does. Absent in what an earlier release stored. Times are ISO 8601, as of the rule's own time zone. */
  schedule?: { from: string | null; until: string | null; recurring: boolean }
}

/** A processing rule that adds action groups to alerts. */
export interface AdditionRule extends ProcessingRule {
  actionGroupIds: string[]
}

/** An alert of Defender for Cloud of severity High or Medium that is neither resolved nor dismissed. */
export interface DefenderAlert {
  id: string
  severity: 'High' | 'Medium'
  /** `Active`: nobody has touched it. `InProgress`: somebody has. */
  status: string
  /** ISO 8601, UTC; null: Azure did not say. */
  raisedAt: string | null
}

/** A continuous export of Defender for Cloud that takes alerts. */
export interface AlertExport {
  id: string
  enabled: boolean
  /** Subscriptions or resource groups. */
  scopes: string[]
  /** The severities that it takes as a whole, in lower case; null: all. */
  severities: string[] | null
  workspaceIds: string[]
  /** Event hubs within a namespace. */
  eventHubIds: string[]
}

/** Alert rules and what they call, over every subscription in sight: a rule in one may watch another. */
export interface Alerting {
  activityLogAlerts: ActivityLogAlert[]
  queryRules: QueryRule[]
  actionGroups: ActionGroup[]
  /** They take all action groups off alerts, also those that others add. */
  suppressionRules: ProcessingRule[]
  /** Absent in what an earlier release stored. */
  additionRules?: AdditionRule[]
  exports: AlertExport[]
  /** Lower-case ids of the subscriptions that were read. */
  covered: string[]
  /** Lower-case ids of the subscriptions that were asked for and not read. */
  unread: string[]
  /** What Azure answered in place of some of the unread; it left the others out without a word. Absent in what an earlier release stored. */
  failures?: { subscriptions: string[]; failure: ReadFailure }[]
}
