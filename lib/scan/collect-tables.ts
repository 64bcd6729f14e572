import { idsOfTypes, saveFacts } from '@/lib/db'
import type { ReadFailure } from '@/lib/domain/collected'
import type { Fact } from '@/lib/domain/fact'
import type { Listed } from './collect-estate'
import { collectMachines, type CollectedMachines } from './collect-machines'
import { collectNetworks } from './collect-networks'
import { defenderAlertFacts } from './defender-alerts'
import type { NamedBy } from './destination-reading'
import type { Discovered } from './discover'
import type { ScanEstateInput } from './scan-estate'

export interface CollectedTables extends Pick<CollectedMachines, 'missingRules'> {
  named: NamedBy
  /** With their subscription, of the scanned ones. */
  failures: [subscriptionId: string, failure: ReadFailure][]
  /** With their subscription, scanned or not. */
  failuresAnywhere: [subscriptionId: string, failure: ReadFailure][]
}

/** Facts that are made ready for the database at once. */
const factsPerSave = 5_000

/** Reads and stores what Resource Graph says of machines, networks and alerts of many subscriptions at once. All must be listed. */
export async function collectTables({ db, azure, estate, claimed }: ScanEstateInput, found: Discovered, listed: Listed, unreadable: ReadonlyMap<string, ReadFailure>, now: () => string): Promise<CollectedTables> {
  const scanned = found.scanned.map((s) => s.subscriptionId)
  const visible = found.visible.map((s) => s.subscriptionId)
  const save = async (facts: readonly Fact[]) => {
    for (let at = 0; at < facts.length; at += factsPerSave) await saveFacts(db, estate.estateId, claimed.seq, facts.slice(at, at + factsPerSave))
  }
  const idsOf = (subscriptionId: string, types: readonly string[]) => idsOfTypes(db, estate.estateId, subscriptionId, types)
  const alertFacts = async () => {
    const alerts = await azure.readDefenderAlerts(scanned)
    await save(defenderAlertFacts(scanned, alerts, now()))
    return alerts.failures
  }
  const [machines, networks, alertFailures] = await Promise.all([
    collectMachines({ azure, scanned, visible, unreadable, machines: listed.machines, idsOf, now, save }),
    collectNetworks({
      azure, tenantId: estate.tenantId, scanned, visible, networks: listed.networks, idsOf, settingsRead: listed.queryLoggers, outOfSight: found.outOfSight, unreadable, now, save,
    }),
    alertFacts(),
  ])
  return {
    named: { ruleWorkspaces: machines.workspaces, flowLogStorage: networks.flowLogStorage, flowLogWorkspaces: networks.flowLogWorkspaces, sentinel: listed.sentinel },
    failures: [...alertFailures, ...machines.failures],
    failuresAnywhere: networks.failures,
    missingRules: machines.missingRules,
  }
}
