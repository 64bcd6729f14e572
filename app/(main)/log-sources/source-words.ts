import { machineSources } from '@/lib/domain/log-reach'

const words: Record<string, string> = {
  'microsoft.resources/subscriptions': 'Activity log of subscriptions',
  'microsoft.management/managementgroups': 'Activity log of management groups',
  'microsoft.aadiam/tenants': 'Entra ID logs',
  [machineSources.windows]: 'Windows security events',
  [machineSources.linux]: 'Linux syslog',
}

/** What a log source is called: platform logs by name, resources by type. */
export function sourceInWords(source: string): string {
  return words[source] ?? source
}

/** True for a resource type, whose resources can be listed. */
export function isResourceType(source: string): boolean {
  return words[source] === undefined
}
