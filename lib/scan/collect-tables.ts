import { saveFacts } from '@/lib/db'
import type { ReadFailure } from '@/lib/domain/collected'
import type { Fact } from '@/lib/domain/fact'
import type { CollectedEstate } from './collect-estate'
import { collectMachines } from './collect-machines'
import { collectNetworks } from './collect-networks'
import { defenderAlertFacts } from './defender-alerts'
import type { NamedBy } from './destination-reading'
import type { Discovered } from './discover'
import { readNetworkTables } from './networks'
import type { ScanEstateInput } from './scan-estate'

export interface CollectedTables {
  named: NamedBy
  /** With their subscription, of the scanned ones. */
  failures: [subscriptionId: string, failure: ReadFailure][]
  /** With their subscription, scanned or not. */
  failuresAnywhere: [subscriptionId: string, failure: ReadFailure][]
}

/** Reads and stores what Resource Graph says of machines, networks and alerts of many subscriptions at once. All must be listed. */
export async function collectTables({ db, azure, estate, claimed }: ScanEstateInput, found: Discovered, listed: CollectedEstate, now: () => string): Promise<CollectedTables> {
  const scanned = found.scanned.map((s) => s.subscriptionId)
  const visible = found.visible.map((s) => s.subscriptionId)
  const save = (facts: readonly Fact[]) => saveFacts(db, estate.estateId, claimed.seq, facts)
  const networkFacts = async () => {
    const tables = await readNetworkTables(azure, scanned, visible)
    const { facts, failures } = await collectNetworks({
      azure, tenantId: estate.tenantId, tables, networks: listed.networks, flowLogs: listed.flowLogs, settingsRead: listed.queryLoggers,
      outOfSight: found.outOfSight, unreadable: listed.unreadable, now,
    })
    await save(facts)
    return { flowLogs: tables.flowLogs.rows, failures }
  }
  const alertFacts = async () => {
    const alerts = await azure.readDefenderAlerts(scanned)
    await save(defenderAlertFacts(scanned, alerts, now()))
    return alerts.failures
  }
  const [machines, networks, alertFailures] = await Promise.all([
    collectMachines({ azure, scanned, visible, unreadable: listed.unreadable, machines: listed.machines, now, save }), networkFacts(), alertFacts(),
  ])
  return {
    named: { rules: machines.rules, flowLogs: networks.flowLogs, sentinel: listed.sentinel },
    failures: [...alertFailures, ...machines.failures],
    failuresAnywhere: networks.failures,
  }
}
