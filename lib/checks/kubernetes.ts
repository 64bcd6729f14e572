import type { Resource } from '@/lib/domain/estate'
import type { Evidence, Judgement } from '@/lib/domain/finding'
import { coverageOf } from './coverage'
import type { EffectiveLogging } from './effective-logging'

const fleetType = 'microsoft.containerservice/fleets'
export const connectedClusterType = 'microsoft.kubernetes/connectedclusters'

/** What the cluster needs before its control plane logs anything (https://learn.microsoft.com/azure/aks/aksarc/kubernetes-monitor-audit-events). */
export const arcLogExtension = 'Microsoft.AKSArc.AzureMonitor'

/**
 * AKS enabled by Azure Arc is a connected cluster of this kind, and nothing else is. Its logs are the only ones that the type has; what is merely connected
 * runs its control plane elsewhere.
 */
function isAksArc({ kind }: Resource): boolean {
  return kind?.toLowerCase() === 'provisionedcluster'
}

function distributionOf({ properties: { distribution } }: Resource): string | null {
  return typeof distribution === 'string' && distribution !== '' ? distribution : null
}

function evidenceOf(cluster: Resource): Evidence {
  return { cluster: { clusterKind: cluster.kind, distribution: distributionOf(cluster) } }
}

/** Why Azure runs no API server here that could log; null where it does, and where nobody tells. */
export function withoutApiServer(resource: Resource): { reason: string; evidence: Evidence } | null {
  // What an earlier release stored says nothing of the hub.
  if (resource.type === fleetType && resource.properties.hubProfile === null) return { reason: 'The fleet has no hub cluster, and so no API server that could log.', evidence: { hubCluster: false } }
  if (resource.type !== connectedClusterType || isAksArc(resource)) return null
  const distribution = distributionOf(resource)
  const foreign = distribution !== null && !/^aks/i.test(distribution) ? distribution : resource.kind
  return foreign === null ? null : { reason: `The log categories of connected clusters are those of AKS enabled by Azure Arc, and this one is ${foreign}: its API server logs outside of Azure Monitor.`, evidence: evidenceOf(resource) }
}

/** What cannot be told of a connected cluster whose settings were read; undefined where they decide. */
export function unclearCluster(cluster: Resource, effective: EffectiveLogging): Extract<Judgement, { verdict: 'unknown' }> | undefined {
  if (!effective.read?.ok) return undefined
  if (!isAksArc(cluster)) {
    return { verdict: 'unknown', reasonCode: 'unsupported', reason: 'Azure does not tell whether this is AKS enabled by Azure Arc, the only connected clusters that log to Azure Monitor.', evidence: evidenceOf(cluster) }
  }
  const { present, unreadable, undetermined } = coverageOf(effective.profile.required, effective)
  if (present.length + unreadable.length + undetermined.length === 0) return undefined
  const reason = `Settings send ${[...present, ...unreadable, ...undetermined].sort().join(', ')}, which stays empty without the cluster extension ${arcLogExtension}; whether that is installed is not read.`
  return { verdict: 'unknown', reasonCode: 'unsupported', reason, evidence: evidenceOf(cluster) }
}
