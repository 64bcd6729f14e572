import { databaseTypes, defaultLimits, synapseAuditTypes, type Azure, type KindCount } from '@/lib/azure'
import { loadCatalog } from '@/lib/catalog'

/** How many resources each subscription (lower-case id) has, and how many of the kinds that are asked for something. */
export type EstateSizes = ReadonlyMap<string, KindCount<keyof typeof kinds>>

const kinds = {
  logging: loadCatalog().types().map(({ type }) => type),
  storageAccounts: ['microsoft.storage/storageaccounts'],
  /** Servers and databases, each of which has an audit. */
  audited: ['microsoft.sql/servers', 'microsoft.sql/servers/databases', ...synapseAuditTypes],
  databaseServers: databaseTypes,
  workspaces: ['microsoft.operationalinsights/workspaces'],
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
/** At most; those of MySQL are two. */
const parametersPerServer = 3
/** Of a workspace that something sends to: its tables, its exports, whether Sentinel is there, and what Sentinel has. */
const readsPerWorkspace = 6
/** What a subscription itself is asked: its settings, its plans, its contacts; and what was written since it was last read. */
const readsOfScope = 4
/** One worker, with all its connections in use and half a second for a read. */
const readsPerSecond = defaultLimits.concurrencyMost * 2
const rowsPerPage = 1_000
/** Pages of the inventory come one after another. */
const secondsPerPage = 1

export async function readSizes(azure: Azure, subscriptionIds: readonly string[]): Promise<EstateSizes> {
  return azure.countKinds(subscriptionIds, kinds)
}

/**
 * The longest of what a full scan waits for: the bucket of the subscription with most reads, all reads of one worker, and the pages of the inventory. These overlap. Category
 * lists, one for each type and region, and the few storage accounts that something sends to are left out, as are other tables of Resource Graph, read beside the evidence.
 */
export function estimateScan(sizes: EstateSizes): ScanTime {
  const readsIn = ({ of }: KindCount<keyof typeof kinds>) =>
    readsOfScope + of.logging + of.storageAccounts * servicesPerAccount + of.audited + of.databaseServers * parametersPerServer + of.workspaces * readsPerWorkspace
  const perSubscription = [...sizes.values()].map(readsIn)
  const reads = sum(perSubscription)
  const largest = perSubscription.reduce((most, count) => Math.max(most, count), 0)
  const { burst, perSecond } = defaultLimits.subscriptionReads
  const times: Pick<ScanTime, 'bound' | 'seconds'>[] = [
    { bound: 'bucket', seconds: (largest - burst) / perSecond },
    { bound: 'reads', seconds: reads / readsPerSecond },
    { bound: 'pages', seconds: Math.ceil(resourcesIn(sizes) / rowsPerPage) * secondsPerPage },
  ]
  const longest = times.reduce((a, b) => (b.seconds > a.seconds ? b : a))
  return { ...longest, reads, largest }
}

/** What `estimateScan` says, for people. */
export function scanTimeInWords(sizes: EstateSizes): string {
  const total = resourcesIn(sizes)
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

function resourcesIn(sizes: EstateSizes): number {
  return sum([...sizes.values()].map(({ count: resources }) => resources))
}

function sum(values: Iterable<number>): number {
  return [...values].reduce((total, value) => total + value, 0)
}
