import { z } from 'zod'
import { toResourceKey } from '@/lib/domain/arm-id'
import type { FindingRow } from '@/lib/domain/views'

const destination = z.object({ id: z.string(), kind: z.string(), state: z.string(), central: z.boolean().optional() })
const setting = z.object({ logs: z.array(z.string()), destinations: z.array(z.string()) })
const evidenceWithDestinations = z.object({ destinations: z.array(z.unknown()), settings: z.array(z.unknown()).optional() })

export interface LogDestination extends z.infer<typeof destination> {
  /** Log categories and groups that some setting really sends there; empty when all its entries are off or are metrics. */
  logs: string[]
}

/** Where the logs go, by all evidence together: each destination once, ids compared without case. */
export function logDestinations(findings: readonly FindingRow[]): LogDestination[] {
  const found = new Map<string, LogDestination>()
  for (const finding of findings) {
    const evidence = evidenceWithDestinations.safeParse(finding.evidence)
    if (!evidence.success) continue
    const sent = logsByDestination(evidence.data.settings ?? [])
    for (const item of evidence.data.destinations) {
      const parsed = destination.safeParse(item)
      if (!parsed.success) continue
      const key = toResourceKey(parsed.data.id)
      found.set(key, { ...parsed.data, logs: [...new Set([...(found.get(key)?.logs ?? []), ...(sent.get(key) ?? [])])] })
    }
  }
  return [...found.values()]
}

function logsByDestination(settings: readonly unknown[]): Map<string, string[]> {
  const sent = new Map<string, string[]>()
  for (const item of settings) {
    const parsed = setting.safeParse(item)
    if (!parsed.success) continue
    for (const id of parsed.data.destinations) sent.set(toResourceKey(id), [...(sent.get(toResourceKey(id)) ?? []), ...parsed.data.logs])
  }
  return sent
}

const kindWords: Record<string, string> = { workspace: 'Log Analytics workspace', 'storage-account': 'Storage account', 'event-hub': 'Event hub', partner: 'Partner solution' }
const stateWords: Record<string, string> = {
  live: 'Exists and takes data',
  approved: 'Out of sight, approved by the policy',
  deleted: 'Deleted: logs sent there are lost',
  'not-ready': 'Exists, but is not provisioned',
  closed: 'Exists, but its firewall keeps out the services that write logs',
  unclear: 'Exists, but whether it takes these logs is not told',
  filtered: 'Exists, but may leave out some rows',
  unreadable: 'Could not be read',
}

export function destinationKind(kind: string): string {
  return kindWords[kind] ?? kind
}

export function destinationState(state: string): string {
  return stateWords[state] ?? state
}
