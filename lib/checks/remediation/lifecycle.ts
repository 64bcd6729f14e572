import { nameOf, resourceGroupOf, subscriptionIdOf } from '@/lib/domain/arm-id'
import type { Remediation } from '@/lib/domain/check'
import { bicepResource, hclBody, Reference } from './object-text'
import { shellQuote, terraformString } from './quote'

export interface LogsInAccount {
  accountId: string
  /** Days that the logs must be kept. */
  days: number
  /** The rules that delete them sooner. */
  rules: readonly string[]
  /** The containers of the logs; none: those of Azure Monitor. */
  containers: readonly string[]
  /** What the logs are written as; append blobs unless told otherwise. */
  blob?: 'appendBlob' | 'blockBlob'
}

/** A rule takes ten prefixes at most. */
const prefixesMax = 10

function prefixesOf(containers: readonly string[]): string[] {
  const prefixes = [...new Set(containers)].sort().map((container) => `${container}/`)
  return prefixes.length > 0 && prefixes.length <= prefixesMax ? prefixes : ['insights-logs-', 'insights-activity-logs']
}

const wholeNote = 'This stands for every rule of the account: write the others in first, those that delete with prefixes that leave the logs out.'

/**
 * Ends the rules that delete logs before their time. The command touches these rules alone, and switches them off, since what they say of other blobs is not known here;
 * Bicep and Terraform know all rules of an account as one resource.
 */
export function remediateLifecycle({ accountId, days, rules, containers, blob = 'appendBlob' }: LogsInAccount): Remediation {
  const names = [...new Set(rules)].sort()
  const shown = names.length > 0 ? names : ['<rule>']
  const prefixMatch = prefixesOf(containers)
  const keepLogs = {
    enabled: true, name: 'keep-logs', type: 'Lifecycle',
    definition: { actions: { baseBlob: { delete: { daysAfterModificationGreaterThan: days } } }, filters: { blobTypes: [blob], prefixMatch } },
  }
  return {
    summary: `Let no lifecycle rule delete the logs before ${days} days: change ${names.length === 1 ? `the rule ${names[0]}` : 'the rules that do'}, or switch ${names.length === 1 ? 'it' : 'them'} off, as the command does. What such a rule does to other blobs ends with it: make it anew for them, with prefixes that leave the logs out.`,
    azureCli: [
      `az storage account management-policy update --subscription ${shellQuote(subscriptionIdOf(accountId) ?? '')}`,
      `  --resource-group ${shellQuote(resourceGroupOf(accountId) ?? '')} --account-name ${shellQuote(nameOf(accountId))}`,
      `  --set ${shown.map((name) => shellQuote(`policy.rules[name=${name}].enabled=false`)).join(' ')}`,
    ].join(' \\\n'),
    bicep: [
      bicepResource({ symbol: 'account', type: 'Microsoft.Storage/storageAccounts@2023-05-01', existing: true, body: { name: nameOf(accountId) } }),
      `// ${wholeNote}\n${bicepResource({
        symbol: 'lifecycle', type: 'Microsoft.Storage/storageAccounts/managementPolicies@2023-05-01',
        body: { parent: new Reference('account'), name: 'default', properties: { policy: { rules: [keepLogs] } } },
      })}`,
    ].join('\n\n'),
    terraform: [
      `# ${wholeNote}`,
      `# It is there: terraform import azurerm_storage_management_policy.keep_logs ${shellQuote(`${accountId}/managementPolicies/default`)}`,
      'resource "azurerm_storage_management_policy" "keep_logs" {',
      `  storage_account_id = ${terraformString(accountId)}`,
      '',
      '  rule {',
      '    name    = "keep-logs"',
      '    enabled = true',
      '',
      '    filters {',
      `      blob_types   = ["${blob}"]`,
      `      prefix_match = ${hclBody(prefixMatch, '      ')}`,
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
    portal: lifecyclePortal,
  }
}

const lifecyclePortal = 'Open the storage account, Data management, Lifecycle management.'

/** For logs that are kept long enough unless a rule that nobody could read deletes them: a change could only take away. */
export function seeLifecycle(days: number): Remediation {
  return { summary: `Let the lifecycle rules of the storage account be read, or see that none deletes these logs before ${days} days: nothing else does.`, portal: lifecyclePortal }
}
