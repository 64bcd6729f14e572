import { nameOf, typeOf } from '@/lib/domain/arm-id'
import type { CheckContext } from '@/lib/domain/check'
import type { Evidence } from '@/lib/domain/finding'
import type { FlowLog } from '@/lib/domain/network'
import { destinationOf, type Destination } from './destination'
import { closedInWords } from './wording'

export const flowLogsRead = 'Microsoft.Network/networkWatchers/flowLogs/read'
export const flowLogType = 'microsoft.network/networkwatchers/flowlogs'

/** Azure stops flow logs of network security groups on this day. */
export const securityGroupLogsEnd = '2027-09-30'

/** `perhaps`: its storage account lies in a subscription that cannot be read. `why` completes "the flow log … ". */
export type FlowLogState = { state: 'works' } | { state: 'perhaps'; storage: Destination } | { state: 'broken'; why: string }

/** The storage account that a flow log writes to, as a destination; null where it names none. */
export function storageOf(log: FlowLog, context: CheckContext): Destination | null {
  return log.storageId === null ? null : destinationOf(log.storageId, 'storage-account', context)
}

/** Whether a flow log writes anywhere. */
export function flowLogState(log: FlowLog, context: CheckContext): FlowLogState {
  if (!log.enabled) return { state: 'broken', why: 'is switched off' }
  if (isOfSecurityGroup(log) && context.scannedAt.slice(0, 10) >= securityGroupLogsEnd) {
    return { state: 'broken', why: `is of a network security group, whose flow logs Azure ended on ${securityGroupLogsEnd}` }
  }
  const storage = storageOf(log, context)
  if (storage === null) return { state: 'broken', why: 'names no storage account' }
  switch (storage.state) {
    case 'live':
    case 'approved':
      return { state: 'works' }
    case 'deleted':
    case 'not-ready':
      return { state: 'broken', why: `writes to ${nameOf(storage.id)}, which no longer exists` }
    case 'closed':
      return { state: 'broken', why: `writes to ${nameOf(storage.id)}, ${closedInWords}` }
    case 'unreadable':
    case 'unclear':
    case 'filtered':
      return { state: 'perhaps', storage }
  }
}

/** True for a flow log of a network security group, the kind that Azure ends. */
export function isOfSecurityGroup({ targetId }: FlowLog): boolean {
  return typeOf(targetId) === 'microsoft.network/networksecuritygroups'
}

/** A flow log as read, with the state of its storage account and, of a closed one, whom its firewall lets in all the same. */
export function flowLogEvidence(log: FlowLog, context: CheckContext): Evidence {
  const storage = storageOf(log, context)
  return {
    flowLog: log.id, target: log.targetId, enabled: log.enabled, ...(log.filter !== undefined && { filter: log.filter }), ...(log.recordTypes !== undefined && { recordTypes: log.recordTypes }),
    storage: log.storageId, storageState: storage?.state ?? null, ...(storage?.state === 'closed' && { storageExceptions: context.estate.destinations.exceptionsOf(storage.id) }),
  }
}

/** Days that the flow log keeps its records, for evidence. */
export function keptInWords({ retentionDays }: FlowLog): number | 'for ever' {
  return retentionDays === 0 ? 'for ever' : retentionDays
}
