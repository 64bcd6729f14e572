import { nameOf, resourceGroupOf, subscriptionIdOf } from '@/lib/domain/arm-id'
import type { Remediation, RemediationContext, RemediationSubject } from '@/lib/domain/check'
import type { Policy } from '@/lib/domain/policy'
import { bicepResource } from './object-text'
import { bicepString, shellQuote, terraformString } from './quote'
import { workspaceArguments } from './workspace'

/** A table of a workspace that a finding found too short. */
export interface ShortTable {
  workspaceId: string
  table: string
}

function listIn(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}

function textIn(value: unknown, name: string): string | null {
  if (typeof value !== 'object' || value === null || !(name in value)) return null
  const found: unknown = Reflect.get(value, name)
  return typeof found === 'string' ? found : null
}

/** The copies that a retention finding stored, flattened. */
function copiesOf(subject: RemediationSubject): unknown[] {
  return listIn(subject.judgement.evidence?.kept).flatMap((kept) => listIn(typeof kept === 'object' && kept !== null ? Reflect.get(kept, 'copies') : undefined))
}

function totalDays(policy: Policy): number {
  return policy.retentionDays.byKeyPoint?.['log-retention'] ?? policy.retentionDays.total
}

/** Longer retention for tables: their own figures, since a table does not follow a raised workspace once it has one. */
export function remediateTables(tables: readonly ShortTable[], policy: Policy): Remediation {
  const days = `--retention-time ${policy.retentionDays.interactive} --total-retention-time ${totalDays(policy)}`
  const shown = tables.length > 0 ? tables : [{ workspaceId: '<workspace resource id>', table: '<table>' }]
  return {
    summary: `Keep each table for ${totalDays(policy)} days in total, ${policy.retentionDays.interactive} of them at hand. A table's own figure overrides the workspace's.`,
    azureCli: shown.map(({ workspaceId, table }) => `az monitor log-analytics workspace table update ${workspaceArguments(workspaceId)} --name ${shellQuote(table)} ${days}`).join('\n'),
    bicep: shown
      .map(({ workspaceId, table }, index) =>
        [
          `resource table${index} 'Microsoft.OperationalInsights/workspaces/tables@2022-10-01' = {`,
          `  name: ${bicepString(`${nameOf(workspaceId)}/${table}`)}`,
          '  properties: {',
          `    retentionInDays: ${policy.retentionDays.interactive}`,
          `    totalRetentionInDays: ${totalDays(policy)}`,
          '  }',
          '}',
        ].join('\n'),
      )
      .join('\n\n'),
    terraform: shown
      .map(({ workspaceId, table }, index) =>
        [
          `resource "azurerm_log_analytics_workspace_table" "table${index}" {`,
          `  workspace_id            = ${terraformString(workspaceId)}`,
          `  name                    = ${terraformString(table)}`,
          `  retention_in_days       = ${policy.retentionDays.interactive}`,
          `  total_retention_in_days = ${totalDays(policy)}`,
          '}',
        ].join('\n'),
      )
      .join('\n\n'),
    portal: 'Open the workspace, Settings, Tables, Manage table.',
  }
}

/** A lifecycle rule of a storage account that leaves logs alone until their time is over. */
export function remediateLifecycle(accountId: string, policy: Policy): Remediation {
  const rule = {
    rules: [
      {
        enabled: true,
        name: 'keep-logs',
        type: 'Lifecycle',
        definition: {
          actions: { baseBlob: { delete: { daysAfterModificationGreaterThan: totalDays(policy) } } },
          filters: { blobTypes: ['appendBlob'], prefixMatch: ['insights-logs-', 'insights-activity-logs'] },
        },
      },
    ],
  }
  return {
    summary: `Change or remove the lifecycle rules that delete append blobs under the log containers before ${totalDays(policy)} days. The command replaces all rules of the account: merge the others in.`,
    azureCli: [
      `az storage account management-policy create --subscription ${shellQuote(subscriptionIdOf(accountId) ?? '')}`,
      `  --resource-group ${shellQuote(resourceGroupOf(accountId) ?? '')} --account-name ${shellQuote(nameOf(accountId))}`,
      `  --policy ${shellQuote(JSON.stringify(rule))}`,
    ].join(' \\\n'),
    bicep: lifecycleBicep(accountId, totalDays(policy)),
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
      `        delete_after_days_since_modification_greater_than = ${totalDays(policy)}`,
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
  const copies = copiesOf(subject)
  const tables = copies.flatMap((copy) => {
    const workspaceId = textIn(copy, 'destination')
    const table = textIn(copy, 'table')
    return textIn(copy, 'kind') === 'workspace' && workspaceId && table ? [{ workspaceId, table }] : []
  })
  const account = copies.find((copy) => textIn(copy, 'kind') === 'storage-account' && textIn(copy, 'container') !== null)
  const accountId = textIn(account, 'destination')
  if (tables.length === 0 && accountId) return remediateLifecycle(accountId, policy)
  const distinct = [...new Map(tables.map((one) => [`${one.workspaceId}/${one.table}`.toLowerCase(), one])).values()]
  return remediateTables(distinct, policy)
}
