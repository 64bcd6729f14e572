import { resourceGroupOf, subscriptionIdOf } from '@/lib/domain/arm-id'
import type { Remediation } from '@/lib/domain/check'
import { bicepMachineTypes, machineNameOf, machineTypeOf } from './machine-targets'
import { bicepResource, Reference, type Body } from './object-text'
import { shellQuote, terraformString } from './quote'

/** A data collection rule with one source, which machines are associated with. */
export interface RuleText {
  name: string
  system: 'Windows' | 'Linux'
  stream: string
  source:
    | { windowsEventLogs: { name: string; xPathQueries: readonly string[] } }
    | { syslog: { name: string; facilityNames: readonly string[]; logLevels: readonly string[] } }
}

/** Makes the rule beside the workspace and associates the machine with it. */
export function remediateByRule(machine: { resourceId: string; resourceType: string }, rule: RuleText, workspace: string): Pick<Remediation, 'azureCli' | 'bicep' | 'terraform'> {
  return { azureCli: command(machine.resourceId, rule, workspace), bicep: bicep(machine, rule, workspace), terraform: terraform(machine.resourceId, rule, workspace) }
}

function propertiesOf({ stream, source }: RuleText, workspace: string): { [name: string]: Body } {
  const dataSources = Object.fromEntries(Object.entries(source).map(([kind, { name, ...rest }]): [string, Body] => [kind, [{ name, streams: [stream], ...rest }]]))
  return {
    dataSources,
    destinations: { logAnalytics: [{ name: 'central', workspaceResourceId: workspace }] },
    dataFlows: [{ streams: [stream], destinations: ['central'] }],
  }
}

function command(machineId: string, rule: RuleText, workspace: string): string {
  const subscription = subscriptionIdOf(workspace) ?? '<subscription id>'
  const group = resourceGroupOf(workspace) ?? '<resource group>'
  const ruleId = `/subscriptions/${subscription}/resourceGroups/${group}/providers/Microsoft.Insights/dataCollectionRules/${rule.name}`
  return [
    'az extension add --name monitor-control-service',
    `printf %s ${shellQuote(JSON.stringify({ properties: propertiesOf(rule, workspace) }))} > rule.json`,
    `az monitor data-collection rule create --subscription ${shellQuote(subscription)} --resource-group ${shellQuote(group)} \\`,
    `  --name ${rule.name} --kind ${rule.system} --rule-file rule.json \\`,
    `  --location "$(az resource show --ids ${shellQuote(workspace)} --query location --output tsv)"`,
    `az monitor data-collection rule association create --name ${rule.name} \\`,
    `  --resource ${shellQuote(machineId)} \\`,
    `  --rule-id ${shellQuote(ruleId)}`,
  ].join('\n')
}

function bicep({ resourceId, resourceType }: { resourceId: string; resourceType: string }, rule: RuleText, workspace: string): string {
  return [
    "@description('Where the workspace is: a rule must be in the same region.')\nparam workspaceLocation string",
    bicepResource({ symbol: 'machine', type: bicepMachineTypes[machineTypeOf(resourceType)], existing: true, body: { name: machineNameOf(resourceId) } }),
    bicepResource({
      symbol: 'rule', type: 'Microsoft.Insights/dataCollectionRules@2022-06-01',
      body: { name: rule.name, location: new Reference('workspaceLocation'), kind: rule.system, properties: propertiesOf(rule, workspace) },
    }),
    bicepResource({
      symbol: 'association', type: 'Microsoft.Insights/dataCollectionRuleAssociations@2022-06-01',
      body: { name: rule.name, scope: new Reference('machine'), properties: { dataCollectionRuleId: new Reference('rule.id') } },
    }),
  ].join('\n\n')
}

function list(words: readonly string[]): string {
  return `[${words.map(terraformString).join(', ')}]`
}

function sourceBlock({ source, stream }: RuleText): string[] {
  if ('windowsEventLogs' in source) {
    const { name, xPathQueries } = source.windowsEventLogs
    return ['    windows_event_log {', `      name           = "${name}"`, `      streams        = ["${stream}"]`, `      x_path_queries = ${list(xPathQueries)}`, '    }']
  }
  const { name, facilityNames, logLevels } = source.syslog
  return ['    syslog {', `      name           = "${name}"`, `      streams        = ["${stream}"]`, `      facility_names = ${list(facilityNames)}`, `      log_levels     = ${list(logLevels)}`, '    }']
}

function terraform(machineId: string, rule: RuleText, workspace: string): string {
  return [
    'resource "azurerm_monitor_data_collection_rule" "keypoint" {',
    `  name                = "${rule.name}"`,
    `  resource_group_name = ${terraformString(resourceGroupOf(workspace) ?? '<resource group>')}`,
    '  location            = "<region of the workspace>"',
    `  kind                = "${rule.system}"`,
    '',
    '  destinations {',
    '    log_analytics {',
    '      name                  = "central"',
    `      workspace_resource_id = ${terraformString(workspace)}`,
    '    }',
    '  }',
    '',
    '  data_flow {',
    `    streams      = ["${rule.stream}"]`,
    '    destinations = ["central"]',
    '  }',
    '',
    '  data_sources {',
    ...sourceBlock(rule),
    '  }',
    '}',
    '',
    'resource "azurerm_monitor_data_collection_rule_association" "keypoint" {',
    `  name                    = "${rule.name}"`,
    `  target_resource_id      = ${terraformString(machineId)}`,
    '  data_collection_rule_id = azurerm_monitor_data_collection_rule.keypoint.id',
    '}',
  ].join('\n')
}
