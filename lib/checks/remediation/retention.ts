import { nameOf, resourceGroupOf, subscriptionIdOf } from '@/lib/domain/arm-id'
import type { Remediation, RemediationContext, RemediationSubject } from '@/lib/domain/check'
import type { Policy } from '@/lib/domain/policy'
import { interactiveDaysAsked, totalDaysAsked } from '@/lib/domain/retention-days'
import { bicepResource } from './object-text'
import { bicepString, shellQuote, terraformString } from './quote'
import { workspaceArguments } from './workspace'

/** A table of a workspace that a finding found too short. */
export interface ShortTable {
  workspaceId: string
  table: string
  /** Days that it was asked for; absent: by the policy. */
  totalDays?: number
}

function listIn(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}

function textIn(value: unknown, name: string): string | null {
  if (typeof value !== 'object' || value === null || !(name in value)) return null
  const found: unknown = Reflect.get(value, name)
  return typeof found === 'string' ? found : null
}

/** The copies that a retention finding stored, flattened, with the days asked of their category where they differ. */
function copiesOf(subject: RemediationSubject): { copy: unknown; asked: number | null }[] {
  return listIn(subject.judgement.evidence?.kept).flatMap((kept) =>
    listIn(typeof kept === 'object' && kept !== null ? Reflect.get(kept, 'copies') : undefined).map((copy) => ({ copy, asked: daysIn(kept) })))
}

function totalDays(policy: Policy): number {
  return totalDaysAsked(policy.retentionDays, ['audit-logging'])
}

/** The days that a finding stored as asked. */
export function daysIn(evidence: unknown): number | null {
  const days: unknown = typeof evidence === 'object' && evidence !== null ? Reflect.get(evidence, 'requiredDays') : undefined
  return typeof days === 'number' ? days : null
}

/** Longer retention for tables: their own figures, since a table does not follow a raised workspace once it has one. */
export function remediateTables(tables: readonly ShortTable[], policy: Policy): Remediation {
  const shown = (tables.length > 0 ? tables : [{ workspaceId: '<workspace resource id>', table: '<table>' }]).map((one: ShortTable) => {
    const total = one.totalDays ?? totalDays(policy)
    return { ...one, total, interactive: interactiveDaysAsked(policy.retentionDays, total) }
  })
  const [{ total, interactive } = { total: totalDays(policy), interactive: policy.retentionDays.interactive }] = shown
  const alike = shown.every((one) => one.total === total)
  return {
    summary: `${alike ? `Keep each table for ${total} days in total, ${interactive} of them at hand` : 'Keep each table as long as the policy asks of its logs'}. A table's own figure overrides the workspace's.`,
    azureCli: shown.map((one) => `az monitor log-analytics workspace table update ${workspaceArguments(one.workspaceId)} --name ${shellQuote(one.table)} --retention-time ${one.interactive} --total-retention-time ${one.total}`).join('\n'),
    bicep: shown.map((one, index) => bicepResource({
      symbol: `table${index}`, type: 'Microsoft.OperationalInsights/workspaces/tables@2022-10-01',
      body: { name: `${nameOf(one.workspaceId)}/${one.table}`, properties: { retentionInDays: one.interactive, totalRetentionInDays: one.total } },
    })).join('\n\n'),
    terraform: shown.map((one, index) => [
      `resource "azurerm_log_analytics_workspace_table" "table${index}" {`,
      `  workspace_id            = ${terraformString(one.workspaceId)}`,
      `  name                    = ${terraformString(one.table)}`,
      `  retention_in_days       = ${one.interactive}`,
      `  total_retention_in_days = ${one.total}`,
      '}',
    ].join('\n')).join('\n\n'),
    portal: 'Open the workspace, Settings, Tables, Manage table.',
  }
}

/** A lifecycle rule of a storage account that leaves logs alone until their time is over. */
export function remediateLifecycle(accountId: string, days: number): Remediation {
  const rule = {
    rules: [
      {
        enabled: true,
        name: 'keep-logs',
        type: 'Lifecycle',
        definition: {
          actions: { baseBlob: { delete: { daysAfterModificationGreaterThan: days } } },
          filters: { blobTypes: ['appendBlob'], prefixMatch: ['insights-logs-', 'insights-activity-logs'] },
        },
      },
    ],
  }
  return {
    summary: `Change or remove the lifecycle rules that delete append blobs under the log containers before ${days} days. The command replaces all rules of the account: merge the others in.`,
    azureCli: [
      `az storage account management-policy create --subscription ${shellQuote(subscriptionIdOf(accountId) ?? '')}`,
      `  --resource-group ${shellQuote(resourceGroupOf(accountId) ?? '')} --account-name ${shellQuote(nameOf(accountId))}`,
      `  --policy ${shellQuote(JSON.stringify(rule))}`,
    ].join(' \\\n'),
    bicep: lifecycleBicep(accountId, days),
    terraform: [
      'resource "azurerm_storage_management_policy" "keep_logs" {',
      `  storage_account_id = ${terraformString(accountId)}`,
      '',
      '  rule {',
      '    name    = "keep-logs"',
      '    enabled = true',
      '',
      '    filters {',
      '      blob_types   = ["appendBlob"]',
      '      prefix_match = ["insights-logs-", "insights-activity-logs"]',
      '    }',
      '',
      '    actions {',
      '      base_blob {',
      `        delete_after_days_since_modification_greater_than = ${days}`,
      '      }',
      '    }',
      '  }',
      '}',
    ].join('\n'),
    portal: 'Open the storage account, Data management, Lifecycle management.',
  }
}

/** A locked policy on each container of logs that are kept nowhere else. */
export function remediateImmutability({ resourceId, judgement }: RemediationSubject, { policy }: RemediationContext): Remediation {
  const names = listIn(judgement.evidence?.onlyCopies).flatMap((name) => (typeof name === 'string' ? name : []))
  const account = `--subscription ${shellQuote(subscriptionIdOf(resourceId) ?? '')} --resource-group ${shellQuote(resourceGroupOf(resourceId) ?? '')} --account-name ${shellQuote(nameOf(resourceId))}`
  const containers = names.length > 0 ? names : ['<container>']
  const commands = containers.flatMap((name) => [
    `az storage container immutability-policy create ${account} \\\n  --container-name ${shellQuote(name)} --period ${totalDays(policy)} --allow-protected-append-writes-all true`,
    `az storage container immutability-policy lock ${account} \\\n  --container-name ${shellQuote(name)} --if-match '<etag that the command before answered>'`,
  ])
  return {
    summary: 'Put an immutability policy that allows appends on each container of logs, and lock it. A locked policy cannot be taken off or shortened by anyone: try it unlocked first.',
    azureCli: commands.join('\n'),
    bicep: [
      '// Locking is an act of its own, which Bicep does not know: lock with the command, once this policy has proven itself.',
      ...containers.map((name, index) => bicepResource({
        symbol: `policy${index}`, type: 'Microsoft.Storage/storageAccounts/blobServices/containers/immutabilityPolicies@2023-05-01',
        body: { name: `${nameOf(resourceId)}/default/${name}/default`, properties: { immutabilityPeriodSinceCreationInDays: totalDays(policy), allowProtectedAppendWritesAll: true } },
      })),
    ].join('\n\n'),
    terraform: [
      '# A lock can never be undone: apply with locked = false first.',
      ...containers.map((name, index) => [
        `resource "azurerm_storage_container_immutability_policy" "logs${index}" {`,
        `  storage_container_resource_manager_id = ${terraformString(`${resourceId}/blobServices/default/containers/${name}`)}`,
        `  immutability_period_in_days           = ${totalDays(policy)}`,
        '  protected_append_writes_all_enabled   = true',
        '  locked                                = true',
        '}',
      ].join('\n')),
    ].join('\n\n'),
    portal: 'Open the storage account, Containers, the container, Access policy, Add policy, Time-based retention; then Lock policy.',
  }
}

function lifecycleBicep(accountId: string, days: number): string {
  return [
    "resource account 'Microsoft.Storage/storageAccounts@2023-05-01' existing = {",
    `  name: ${bicepString(nameOf(accountId))}`,
    '}',
    '',
    "resource lifecycle 'Microsoft.Storage/storageAccounts/managementPolicies@2023-05-01' = {",
    '  parent: account',
    "  name: 'default'",
    '  properties: {',
    '    policy: {',
    '      rules: [',
    '        {',
    "          name: 'keep-logs'",
    '          enabled: true',
    "          type: 'Lifecycle'",
    '          definition: {',
    `            actions: { baseBlob: { delete: { daysAfterModificationGreaterThan: ${days} } } }`,
    "            filters: { blobTypes: ['appendBlob'], prefixMatch: ['insights-logs-', 'insights-activity-logs'] }",
    '          }',
    '        }',
    '      ]',
    '    }',
    '  }',
    '}',
  ].join('\n')
}

/** For a resource or subscription: the tables or account that keep its logs too short. */
export function remediateRetention(subject: RemediationSubject, { policy }: RemediationContext): Remediation {
  const { evidence } = subject.judgement
  const days = daysIn(evidence) ?? totalDays(policy)
  const copies = copiesOf(subject)
  const tables = copies.flatMap(({ copy, asked }) => {
    const workspaceId = textIn(copy, 'destination')
    const table = textIn(copy, 'table')
    return textIn(copy, 'kind') === 'workspace' && workspaceId && table ? [{ workspaceId, table, totalDays: asked ?? days }] : []
  })
  const account = copies.find(({ copy }) => textIn(copy, 'kind') === 'storage-account' && textIn(copy, 'container') !== null)
  const accountId = textIn(account?.copy, 'destination')
  if (tables.length === 0 && accountId) return remediateLifecycle(accountId, days)
  // A table that takes several logs keeps the longest asked.
  const distinct = new Map<string, ShortTable & { totalDays: number }>()
  for (const one of tables) {
    const key = `${one.workspaceId}/${one.table}`.toLowerCase()
    const known = distinct.get(key)
    if (known === undefined || known.totalDays < one.totalDays) distinct.set(key, one)
  }
  return remediateTables([...distinct.values()], policy)
}
