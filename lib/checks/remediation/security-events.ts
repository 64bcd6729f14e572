import { resourceGroupOf, subscriptionIdOf } from '@/lib/domain/arm-id'
import type { Remediation, RemediationContext, RemediationSubject } from '@/lib/domain/check'
import { bicepMachineTypes, machineNameOf, machineTypeOf, systemsOf } from './machine-targets'
import { bicepString, shellQuote, terraformString, workspacePlaceholder } from './quote'

type System = 'Windows' | 'Linux'

const policies: Record<System, { id: string; displayName: string }> = {
  Windows: { id: 'eab1f514-22e3-42e3-9a1f-e1dc9199355c', displayName: 'Configure Windows Machines to be associated with a Data Collection Rule or a Data Collection Endpoint' },
  Linux: { id: '2ea82cdd-f2e8-4500-af75-67a2e084ca74', displayName: 'Configure Linux Machines to be associated with a Data Collection Rule or a Data Collection Endpoint' },
}

/** What a rule collects: the audited events of the Security channel, or sign-ins and privilege use of syslog. */
const sources = {
  Windows: {
    stream: 'Microsoft-SecurityEvent',
    dataSources: { windowsEventLogs: [{ name: 'security', streams: ['Microsoft-SecurityEvent'], xPathQueries: ['Security!*[System[(band(Keywords,13510798882111488))]]'] }] },
  },
  Linux: {
    stream: 'Microsoft-Syslog',
    dataSources: {
      syslog: [{
        name: 'auth',
        streams: ['Microsoft-Syslog'],
        facilityNames: ['auth', 'authpriv'],
        logLevels: ['Info', 'Notice', 'Warning', 'Error', 'Critical', 'Alert', 'Emergency'],
      }],
    },
  },
} as const

/** Makes a data collection rule beside the central workspace and associates the machine with it. */
export function remediateCollection(subject: RemediationSubject, context: RemediationContext): Remediation {
  const system = systemsOf(subject)[0] ?? 'Windows'
  const workspace = context.centralWorkspaceIds[0] ?? workspacePlaceholder
  const policy = policies[system]
  const what = system === 'Windows'
    ? 'the Security channel; on a workspace without Sentinel write Microsoft-Event in place of Microsoft-SecurityEvent'
    : 'auth and authpriv of syslog from level info on'
  return {
    summary: `Create a data collection rule that takes ${what}, and associate the machine with it. One rule in the workspace’s region serves all machines.`,
    azureCli: command(subject.resourceId, system, workspace),
    bicep: bicep(subject, system, workspace),
    terraform: terraform(subject.resourceId, system, workspace),
    policy: { id: `/providers/Microsoft.Authorization/policyDefinitions/${policy.id}`, displayName: policy.displayName },
    portal: 'Open Monitor, Data Collection Rules, Create; add the machine under Resources and Windows event logs or Linux syslog under Collect and deliver.',
  }
}

function ruleName(system: System): string {
  return `keypoint-${system.toLowerCase()}-security`
}

function command(machineId: string, system: System, workspace: string): string {
  const rule = {
    properties: {
      dataSources: sources[system].dataSources,
      destinations: { logAnalytics: [{ name: 'central', workspaceResourceId: workspace }] },
      dataFlows: [{ streams: [sources[system].stream], destinations: ['central'] }],
    },
  }
  const subscription = subscriptionIdOf(workspace) ?? '<subscription id>'
  const group = resourceGroupOf(workspace) ?? '<resource group>'
  const ruleId = `/subscriptions/${subscription}/resourceGroups/${group}/providers/Microsoft.Insights/dataCollectionRules/${ruleName(system)}`
  return [
    `az extension add --name monitor-control-service`,
    `printf %s ${shellQuote(JSON.stringify(rule))} > rule.json`,
    `az monitor data-collection rule create --subscription ${shellQuote(subscription)} --resource-group ${shellQuote(group)} \\`,
    `  --name ${ruleName(system)} --kind ${system} --rule-file rule.json \\`,
    `  --location "$(az resource show --ids ${shellQuote(workspace)} --query location --output tsv)"`,
    `az monitor data-collection rule association create --name keypoint-security \\`,
    `  --resource ${shellQuote(machineId)} \\`,
    `  --rule-id ${shellQuote(ruleId)}`,
  ].join('\n')
}

function bicep({ resourceId, resourceType }: RemediationSubject, system: System, workspace: string): string {
  const source = sources[system]
  return [
    "@description('Where the workspace is: a rule must be in the same region.')",
    'param workspaceLocation string',
    '',
    `resource machine '${bicepMachineTypes[machineTypeOf(resourceType)]}' existing = {`,
    `  name: ${bicepString(machineNameOf(resourceId))}`,
    '}',
    '',
    "resource rule 'Microsoft.Insights/dataCollectionRules@2022-06-01' = {",
    `  name: '${ruleName(system)}'`,
    '  location: workspaceLocation',
    `  kind: '${system}'`,
    '  properties: {',
    '    dataSources: {',
    ...(system === 'Windows' ? bicepWindows() : bicepLinux()),
    '    }',
    '    destinations: {',
    '      logAnalytics: [',
    `        { name: 'central', workspaceResourceId: ${bicepString(workspace)} }`,
    '      ]',
    '    }',
    '    dataFlows: [',
    `      { streams: [ '${source.stream}' ], destinations: [ 'central' ] }`,
    '    ]',
    '  }',
    '}',
    '',
    "resource association 'Microsoft.Insights/dataCollectionRuleAssociations@2022-06-01' = {",
    "  name: 'keypoint-security'",
    '  scope: machine',
    '  properties: {',
    '    dataCollectionRuleId: rule.id',
    '  }',
    '}',
  ].join('\n')
}

function bicepWindows(): string[] {
  const [source] = sources.Windows.dataSources.windowsEventLogs
  return ['      windowsEventLogs: [', `        { name: '${source.name}', streams: [ '${source.streams[0]}' ], xPathQueries: [ ${bicepString(source.xPathQueries[0])} ] }`, '      ]']
}

function bicepLinux(): string[] {
  const [source] = sources.Linux.dataSources.syslog
  const list = (words: readonly string[]): string => words.map(bicepString).join(', ')
  return [
    '      syslog: [',
    `        { name: '${source.name}', streams: [ '${source.streams[0]}' ], facilityNames: [ ${list(source.facilityNames)} ], logLevels: [ ${list(source.logLevels)} ] }`,
    '      ]',
  ]
}

function terraform(machineId: string, system: System, workspace: string): string {
  const list = (words: readonly string[]): string => `[${words.map(terraformString).join(', ')}]`
  const { stream } = sources[system]
  const [windows] = sources.Windows.dataSources.windowsEventLogs
  const [linux] = sources.Linux.dataSources.syslog
  const block = system === 'Windows'
    ? ['    windows_event_log {', `      name           = "${windows.name}"`, `      streams        = ${list(windows.streams)}`, `      x_path_queries = ${list(windows.xPathQueries)}`, '    }']
    : ['    syslog {', `      name           = "${linux.name}"`, `      streams        = ${list(linux.streams)}`, `      facility_names = ${list(linux.facilityNames)}`, `      log_levels     = ${list(linux.logLevels)}`, '    }']
  return [
    'resource "azurerm_monitor_data_collection_rule" "keypoint" {',
    `  name                = "${ruleName(system)}"`,
    `  resource_group_name = ${terraformString(resourceGroupOf(workspace) ?? '<resource group>')}`,
    '  location            = "<region of the workspace>"',
    `  kind                = "${system}"`,
    '',
    '  destinations {',
    '    log_analytics {',
    '      name                  = "central"',
    `      workspace_resource_id = ${terraformString(workspace)}`,
    '    }',
    '  }',
    '',
    '  data_flow {',
    `    streams      = ["${stream}"]`,
    '    destinations = ["central"]',
    '  }',
    '',
    '  data_sources {',
    ...block,
    '  }',
    '}',
    '',
    `resource "azurerm_monitor_data_collection_rule_association" "keypoint" {`,
    '  name                    = "keypoint-security"',
    `  target_resource_id      = ${terraformString(machineId)}`,
    '  data_collection_rule_id = azurerm_monitor_data_collection_rule.keypoint.id',
    '}',
  ].join('\n')
}
