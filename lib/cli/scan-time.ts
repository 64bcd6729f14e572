import { defaultLimits, type Azure } from '@/lib/azure'
import { loadCatalog } from '@/lib/catalog'

/** How many resources of some kinds each subscription (lower-case id) has. */
export interface EstateSizes {
  all: ReadonlyMap<string, number>
  /** Of types that log. */
  logging: ReadonlyMap<string, number>
  storageAccounts: ReadonlyMap<string, number>
  /** Servers and databases, each of which has an audit. */
  sql: ReadonlyMap<string, number>
}

/** What sets the time of a full scan. */
export interface ScanTime {
  seconds: number
  reads: number
  bound: 'bucket' | 'reads' | 'pages'
  /** Reads of the subscription that has most. */
  largest: number
}

/** The services of an account log, not the account. */
const servicesPerAccount = 4
/** What a subscription itself is asked: its settings, its plans, its contacts. */
const readsOfScope = 3
/** One worker, with all its connections in use and half a second for a read. */
const readsPerSecond = defaultLimits.concurrencyMost * 2
const rowsPerPage = 1_000
/** Pages of the inventory come one after another. */
const secondsPerPage = 1

export async function readSizes(azure: Azure, subscriptionIds: readonly string[]): Promise<EstateSizes> {
  return {
    all: await azure.countResources(subscriptionIds),
    logging: await azure.countResources(subscriptionIds, loadCatalog().types().map(({ type }) => type)),
    storageAccounts: await azure.countResources(subscriptionIds, ['microsoft.storage/storageaccounts']),
    sql: await azure.countResources(subscriptionIds, ['microsoft.sql/servers', 'microsoft.sql/servers/databases']),
  }
}

/** The longest of what a full scan waits for: the bucket of the subscription with most reads, all reads of one worker, and the pages of the inventory. These overlap. */
export function estimateScan({ all, logging, storageAccounts, sql }: EstateSizes): ScanTime {
  const readsIn = (id: string) => readsOfScope + (logging.get(id) ?? 0) + (storageAccounts.get(id) ?? 0) * servicesPerAccount + (sql.get(id) ?? 0)
  const perSubscription = [...all.keys()].map(readsIn)
  const reads = sum(perSubscription)
  const largest = perSubscription.reduce((most, count) => Math.max(most, count), 0)
  const { burst, perSecond } = defaultLimits.subscriptionReads
  const times: Pick<ScanTime, 'bound' | 'seconds'>[] = [
    { bound: 'bucket', seconds: (largest - burst) / perSecond },
    { bound: 'reads', seconds: reads / readsPerSecond },
    { bound: 'pages', seconds: Math.ceil(sum(all.values()) / rowsPerPage) * secondsPerPage },
  ]
  const longest = times.reduce((a, b) => (b.seconds > a.seconds ? b : a))
  return { ...longest, reads, largest }
}

/** What `estimateScan` says, for people. */
export function scanTimeInWords(sizes: EstateSizes): string {
  const total = sum(sizes.all.values())
  if (total === 0) return 'Resource Graph does not tell how many resources there are, so that nothing can be said of a scan\u2019s time.'
  const { seconds, reads, bound, largest } = estimateScan(sizes)
  const why = {
    bucket: `the subscription with most is asked ${count(largest)} times, and Azure lets ${defaultLimits.subscriptionReads.perSecond} reads a second pass in each`,
    reads: `it makes about ${count(reads)} reads, of which one worker makes some ${count(readsPerSecond)} a second; more workers share them`,
    pages: 'Resource Graph lists them a page a second',
  }[bound]
  return `A full scan of ${count(total)} resources takes about ${duration(Math.max(5, Math.ceil(seconds)))} at the least: ${why}.`
}

function duration(seconds: number): string {
  if (seconds < 120) return `${seconds} seconds`
  const minutes = Math.ceil(seconds / 60)
  return minutes < 120 ? `${minutes} minutes` : `${Math.ceil(minutes / 60)} hours`
}

function count(value: number): string {
  return new Intl.NumberFormat('en').format(value)
}

function sum(values: Iterable<number>): number {
  return [...values].reduce((total, value) => total + value, 0)
}
