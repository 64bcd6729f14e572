import { z } from 'zod'
import { toResourceKey } from '@/lib/domain/arm-id'
import type { FindingRow } from '@/lib/domain/views'

const destination = z.object({ id: z.string(), kind: z.string(), state: z.string(), central: z.boolean().optional() })
const evidenceWithDestinations = z.object({ destinations: z.array(z.unknown()) })

export type LogDestination = z.infer<typeof destination>

/** Where the logs go, by all evidence together: each destination once, ids compared without case. */
export function logDestinations(findings: readonly FindingRow[]): LogDestination[] {
  const found = new Map<string, LogDestination>()
  for (const finding of findings) {
    const evidence = evidenceWithDestinations.safeParse(finding.evidence)
    for (const item of evidence.success ? evidence.data.destinations : []) {
      const parsed = destination.safeParse(item)
      if (parsed.success) found.set(toResourceKey(parsed.data.id), parsed.data)
    }
  }
  return [...found.values()]
}

const kindWords: Record<string, string> = { workspace: 'Log Analytics workspace', 'storage-account': 'Storage account', 'event-hub': 'Event hub', partner: 'Partner solution' }
const stateWords: Record<string, string> = {
  live: 'Exists and takes data',
  approved: 'Out of sight, approved by the policy',
  deleted: 'Deleted: logs sent there are lost',
  'not-ready': 'Exists, but is not provisioned',
  unreadable: 'Could not be read',
}

export function destinationKind(kind: string): string {
  return kindWords[kind] ?? kind
}

export function destinationState(state: string): string {
  return stateWords[state] ?? state
}
