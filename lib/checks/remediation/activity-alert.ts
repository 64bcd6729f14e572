import { subscriptionIdOf } from '@/lib/domain/arm-id'
import type { Remediation, RemediationSubject } from '@/lib/domain/check'
import { bicepString, shellQuote, terraformString } from './quote'

const groupPlaceholder = '<resource group for alerts>'
const actionGroupPlaceholder = '<action group resource id>'

export interface AlertRemedy {
  slug: string
  happens: string
  category: string
  /** None: the category alone. */
  operations: readonly string[]
  policy?: Remediation['policy']
}

function ruleNames({ slug, operations }: AlertRemedy): string[] {
  return operations.length > 1 ? operations.map((_, index) => `keypoint-${slug}-${index + 1}`) : [`keypoint-${slug}`]
}

/** An activity log alert rule for each operation, on the whole subscription. */
export function remediateActivityAlert(subject: RemediationSubject, alert: AlertRemedy): Remediation {
  const subscriptionId = subscriptionIdOf(subject.resourceId) ?? ''
  const rules = ruleNames(alert).map((name, index) => ({ name, operation: alert.operations[index] }))
  return {
    summary: `Make an alert rule on the whole subscription that tells when ${alert.happens}, and let it call an action group that someone reads. First mend a rule that exists and is switched off or narrowed.`,
    azureCli: rules.map(({ name, operation }) => cli(subscriptionId, name, alert.category, operation)).join('\n'),
    bicep: rules.map(({ name, operation }, index) => bicep(subscriptionId, name, alert.category, operation, index)).join('\n\n'),
    terraform: rules.map(({ name, operation }) => terraform(subscriptionId, name, alert.category, operation)).join('\n\n'),
    ...(alert.policy && { policy: alert.policy }),
    portal: 'Open Monitor, Alerts, Create, Alert rule; take the subscription as scope and the operation as signal.',
  }
}

function cli(subscriptionId: string, name: string, category: string, operation: string | undefined): string {
  return [
    `az monitor activity-log alert create --subscription ${shellQuote(subscriptionId)} --resource-group ${shellQuote(groupPlaceholder)}`,
    `  --name ${name} --scope ${shellQuote(`/subscriptions/${subscriptionId}`)}`,
    `  --condition category=${category}${operation === undefined ? '' : ` and operationName=${operation}`}`,
    `  --action-group ${shellQuote(actionGroupPlaceholder)}`,
  ].join(' \\\n')
}

function bicep(subscriptionId: string, name: string, category: string, operation: string | undefined, index: number): string {
  const leaf = (field: string, equals: string): string[] => ['        {', `          field: '${field}'`, `          equals: ${bicepString(equals)}`, '        }']
  return [
    `resource alert${index + 1} 'Microsoft.Insights/activityLogAlerts@2020-10-01' = {`,
    `  name: '${name}'`,
    "  location: 'Global'",
    '  properties: {',
    '    enabled: true',
    `    scopes: [${bicepString(`/subscriptions/${subscriptionId}`)}]`,
    '    condition: {',
    '      allOf: [',
    ...leaf('category', category),
    ...(operation === undefined ? [] : leaf('operationName', operation)),
    '      ]',
    '    }',
    '    actions: {',
    '      actionGroups: [',
    '        {',
    `          actionGroupId: ${bicepString(actionGroupPlaceholder)}`,
    '        }',
    '      ]',
    '    }',
    '  }',
    '}',
  ].join('\n')
}

function terraform(subscriptionId: string, name: string, category: string, operation: string | undefined): string {
  return [
    `resource "azurerm_monitor_activity_log_alert" "${name.replaceAll('-', '_')}" {`,
    `  name                = "${name}"`,
    `  resource_group_name = ${terraformString(groupPlaceholder)}`,
    '  location            = "global"',
    `  scopes              = [${terraformString(`/subscriptions/${subscriptionId}`)}]`,
    '',
    '  criteria {',
    `    category       = ${terraformString(category)}`,
    ...(operation === undefined ? [] : [`    operation_name = ${terraformString(operation)}`]),
    '  }',
    '',
    '  action {',
    `    action_group_id = ${terraformString(actionGroupPlaceholder)}`,
    '  }',
    '}',
  ].join('\n')
}
