import type { KeyPoint } from '@/lib/domain/key-point'

/** Categories of resources that serve another key point than the audit of resources, by type: DNS queries, and who read the logs. */
const byType: Readonly<Record<string, Readonly<Record<string, KeyPoint>>>> = {
  'microsoft.network/dnsresolverpolicies': { dnsresponse: 'dns-query-logging' },
  'microsoft.network/azurefirewalls': { azurefirewalldnsproxy: 'dns-query-logging', azfwdnsquery: 'dns-query-logging' },
  'microsoft.operationalinsights/workspaces': { audit: 'log-review' },
}

const platformTypes = new Set(['microsoft.resources/subscriptions', 'microsoft.management/managementgroups', 'microsoft.aadiam/tenants'])

/** The key point that a log serves, which decides for how many days it is kept. Type and category in lower case. */
export function keyPointOfLog(type: string, categoryKey: string): KeyPoint {
  return platformTypes.has(type) ? 'central-log-management' : (byType[type]?.[categoryKey] ?? 'audit-logging')
}

/** Lists of categories of a type of which a check of another key point than the audit of resources asks one: those that serve one key point hold the same, the last is the one to turn on. */
export function listsOfOwnKeyPoints(type: string): readonly (readonly string[])[] {
  const categories = Object.entries(byType[type] ?? {})
  return [...new Set(categories.map(([, keyPoint]) => keyPoint))].map((keyPoint) => categories.flatMap(([name, served]) => (served === keyPoint ? [name] : [])))
}

/** The tables that data collection rules fill with events of operating systems, by stream in lower case. */
const machineTables: Readonly<Record<string, string>> = {
  'microsoft-securityevent': 'SecurityEvent',
  'microsoft-event': 'Event',
  'microsoft-windowsevent': 'WindowsEvent',
  'microsoft-syslog': 'Syslog',
}

/** The table that a flow of a data collection rule fills: that of its output stream, where it names one; null where no source says. */
export function tableOfStream(stream: string, outputStream: string | undefined): string | null {
  if (outputStream === undefined) return machineTables[stream.toLowerCase()] ?? null
  return machineTables[outputStream.toLowerCase()] ?? outputStream.replace(/^(?:Microsoft|Custom)-/i, '')
}

/** What Sentinel fills by itself. */
export const sentinelTables: readonly string[] = ['SecurityAlert', 'SecurityIncident']
