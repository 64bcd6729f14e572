import { databaseTypes, type Azure } from '@/lib/azure'
import type { Subscription } from '@/lib/domain/estate'
import type { LogCatalog } from '@/lib/domain/log-catalog'

export interface PlannedReads {
  /** Those with most to read first: the bucket of the first sets the time of the whole. As they were given where Resource Graph does not tell. */
  ordered: Subscription[]
  /** Resources to list, by subscription in lower case; empty where Resource Graph does not tell. */
  sizes: Map<string, number>
}

/** Services of a storage account that log, each with settings of its own, and parameters of a database server. */
const servicesPerAccount = 4
const parametersPerServer = 3

/** Counts about how many reads of evidence a full scan makes before anything is listed: resources that do not log cost pages of the inventory and no reads. */
export async function planReads(azure: Azure, catalog: LogCatalog, subscriptions: readonly Subscription[]): Promise<PlannedReads> {
  const counted = await azure.countKinds(subscriptions.map((s) => s.subscriptionId), {
    logging: catalog.types().map(({ type }) => type),
    storageAccounts: ['microsoft.storage/storageaccounts'],
    audited: ['microsoft.sql/servers', 'microsoft.sql/servers/databases'],
    databaseServers: databaseTypes,
  })
  const readsOf = ({ subscriptionId }: Subscription): number => {
    const of = counted.get(subscriptionId.toLowerCase())?.of
    return of === undefined ? 0 : of.logging + of.storageAccounts * servicesPerAccount + of.audited + of.databaseServers * parametersPerServer
  }
  return {
    ordered: subscriptions.toSorted((a, b) => readsOf(b) - readsOf(a)),
    sizes: new Map([...counted].map(([subscriptionId, { count }]) => [subscriptionId, count])),
  }
}
