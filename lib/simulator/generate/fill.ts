import type { GraphRow } from '../graph-row'
import type { JsonObject } from '../json'
import { workloads } from './company'
import type { DestinationBook } from './destinations'
import type { Estate, Group, SubscriptionPlan } from './estate'
import { singles, workloadShares } from './workloads'
import { workspaceProperties } from './workspace-rows'

const teamRetention = [30, 30, 90, 365] as const

/** Fills a subscription to its planned number of rows, and writes its team workspace into the book. */
export function fillSubscription(estate: Estate, plan: SubscriptionPlan, book: DestinationBook): void {
  let left = plan.resources
  const add = (rows: GraphRow[]) => {
    estate.add(rows)
    left -= rows.length
  }
  if (left >= 12) add(housekeeping(estate, plan, book))
  for (let serial = 0; left > 0; serial++) {
    const short = `${workloads[Math.floor(estate.draw('workload', plan.index, serial) * workloads.length)] ?? workloads[0]}`
    const name = `${short}-${plan.region.short}-${plan.index.toString(36)}${serial.toString(36).padStart(2, '0')}`
    const group = estate.group(plan, `rg-${short}-${plan.environment}-${(serial >> 1).toString(36)}`, plan.region)
    const rows = weighted(workloadShares, estate.draw('kind', plan.index, serial))(estate, group, name)
    for (const row of rows) if (row.type.toLowerCase() === 'microsoft.insights/components') row.properties = { ...row.properties, ...telemetry(estate, plan, name, book) }
    add(rows.length <= left ? rows : [single(estate, group, name, serial)])
  }
}

/** Most components keep their telemetry in the team's workspace or the central one; some are classic, a few name a workspace that is gone or another tenant's. */
function telemetry(estate: Estate, plan: SubscriptionPlan, name: string, book: DestinationBook): JsonObject {
  const drawn = estate.draw('telemetry', name)
  if (drawn < 0.2) return { IngestionMode: 'ApplicationInsights' }
  const team = book.teamWorkspaces.get(plan.subscriptionId) ?? book.centralWorkspace
  const workspace = drawn < 0.24 ? book.deletedWorkspace : drawn < 0.28 ? book.unseenWorkspace : drawn < 0.6 ? team : book.centralWorkspace
  return { IngestionMode: 'LogAnalytics', WorkspaceResourceId: workspace }
}

function single(estate: Estate, group: Group, name: string, serial: number): GraphRow {
  return weighted(singles, estate.draw('single', group.plan.index, serial))(estate, group, name)
}

/** What most subscriptions have of their own: a workspace, a network watcher with a flow log, an action group. */
function housekeeping(estate: Estate, plan: SubscriptionPlan, book: DestinationBook): GraphRow[] {
  const group = estate.group(plan, `rg-shared-${plan.environment}-${plan.region.short}`, plan.region)
  const watchers = estate.group(plan, 'NetworkWatcherRG', plan.region)
  const watcherName = `NetworkWatcher_${plan.region.name}`
  const rows = [estate.row(watchers, 'Microsoft.Network/networkWatchers', watcherName, { tagged: false })]
  if (plan.environment !== 'sandbox') {
    const name = `log-team-${plan.index.toString(36)}-${plan.region.short}`
    const days = teamRetention[Math.floor(estate.draw('retention', name) * teamRetention.length)] ?? 30
    const workspace = estate.row(group, 'Microsoft.OperationalInsights/workspaces', name, {
      properties: workspaceProperties(estate, name, days),
    })
    book.teamWorkspaces.set(plan.subscriptionId, workspace.id)
    rows.push(workspace)
  }
  const network = estate.row(group, 'Microsoft.Network/virtualNetworks', `vnet-spoke-${plan.index.toString(36)}`, {
    properties: {
      addressSpace: { addressPrefixes: [`10.${10 + (plan.index % 200)}.0.0/20`] },
      dhcpOptions: { dnsServers: [] },
      subnets: [{ name: 'default' }],
    },
  })
  rows.push(network)
  rows.push(...alertExport(estate, plan, group, book))
  const archive = book.archives[0]
  if (archive && estate.draw('flow', plan.index) < 0.7) {
    rows.push(
      estate.row(watchers, 'Microsoft.Network/networkWatchers/flowLogs', `${watcherName}/fl-vnet-${plan.index.toString(36)}`, {
        tagged: false,
        properties: flowLog(estate, plan, network.id, archive.id, book),
      }),
    )
  }
  return rows
}

/** Most analyse their flow logs; one sends them to a partner's workspace, and the last to one that is gone. */
function trafficAnalytics(estate: Estate, plan: SubscriptionPlan, book: DestinationBook): JsonObject {
  if (plan.discipline === 'weak' || estate.draw('analytics', plan.index) < 0.25) return { enabled: false }
  const drawn = estate.draw('analytics-to', plan.index)
  const workspaceResourceId = plan.index === 2 || drawn < 0.08 ? book.unseenWorkspace : drawn < 0.16 ? book.deletedWorkspace : book.centralWorkspace
  return { enabled: true, workspaceResourceId, workspaceRegion: plan.region.name, trafficAnalyticsInterval: drawn < 0.5 ? 10 : 60 }
}

/** Continuous export of Defender for Cloud: the strong have it, the fair have switched it off or never made it. */
function alertExport(estate: Estate, plan: SubscriptionPlan, group: Group, book: DestinationBook): GraphRow[] {
  if (plan.discipline === 'weak' || (plan.discipline === 'fair' && estate.draw('export', plan.index) < 0.5)) return []
  const severity = (expectedValue: string): JsonObject => ({ rules: [{ propertyJPath: 'Severity', propertyType: 'String', expectedValue, operator: 'Equals' }] })
  return [
    estate.row(group, 'Microsoft.Security/automations', 'exportToWorkspace', {
      properties: {
        isEnabled: plan.discipline === 'strong',
        scopes: [{ description: plan.displayName, scopePath: `/subscriptions/${plan.subscriptionId}` }],
        sources: [{ eventSource: 'Alerts', ruleSets: [severity('medium'), severity('high')] }, { eventSource: 'SecureScores', ruleSets: [] }],
        actions: [{ actionType: 'Workspace', workspaceResourceId: book.centralWorkspace }],
      },
    }),
  ]
}

/** Most keep 90 days; some are off, too short, or write where nobody here can look. */
function flowLog(estate: Estate, plan: SubscriptionPlan, targetResourceId: string, storageId: string, book: DestinationBook): JsonObject {
  const days = [90, 90, 90, 30, 7, 0][Math.floor(estate.draw('flow-days', plan.index) * 6)] ?? 90
  return {
    targetResourceId,
    storageId: estate.draw('flow-unseen', plan.index) < 0.06 ? book.unseenStorage : storageId,
    enabled: estate.draw('flow-on', plan.index) < 0.8,
    retentionPolicy: { days, enabled: days > 0 },
    format: { type: 'JSON', version: 2 },
    flowAnalyticsConfiguration: { networkWatcherFlowAnalyticsConfiguration: trafficAnalytics(estate, plan, book) },
  }
}

function weighted<T>(shares: readonly (readonly [number, T])[], draw: number): T {
  let rest = draw * shares.reduce((sum, [share]) => sum + share, 0)
  for (const [share, item] of shares) {
    rest -= share
    if (rest < 0) return item
  }
  throw new Error('a list of shares must not be empty')
}
