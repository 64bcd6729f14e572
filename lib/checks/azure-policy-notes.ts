/** Why a verdict may differ from what a built-in Azure Policy says of the same resource. */
export interface AzurePolicyNote {
  /** The definition's GUID. */
  id: string
  displayName: string
  /** What the policy tests, and what of it leads to another verdict. */
  difference: string
  /** Lower case; absent: every type that the check asks about. */
  resourceTypes?: readonly string[]
}

const anyEntry = 'It is compliant with one enabled log entry, whatever the category and wherever it is sent; and it still reads the retention inside the setting, which has had no effect since September 2025. Here every required category must reach a destination that exists.'

function resourceLogs(id: string, displayName: string, ...resourceTypes: string[]): AzurePolicyNote {
  return { id, displayName, difference: anyEntry, resourceTypes }
}

const ofResourceLogs: readonly AzurePolicyNote[] = [
  {
    id: '187242f4-89c6-4c43-9a4e-188c0efacc5f', displayName: 'Resource logs should be enabled for Audit on supported resources',
    difference: 'It wants the category group audit or allLogs in one entry: a setting that names each audit category one by one is not compliant there, and passes here. It does not ask whether the destination exists.',
  },
  {
    id: '7f89b1eb-583c-429a-8828-af049802c1d9', displayName: 'Audit diagnostic setting for selected resource types',
    difference: 'It wants logs and metrics in one setting by default, so that a setting with logs alone is not compliant there. Metrics do not count here.',
  },
  {
    id: '1b4d1c4e-934c-4703-944c-27c82c06bebb', displayName: 'Diagnostic logs in Azure AI services resources should be enabled',
    difference: 'It is compliant as soon as a setting has a list of logs, even when every entry is off. Here an entry that is off counts for nothing.',
    resourceTypes: ['microsoft.cognitiveservices/accounts', 'microsoft.search/searchservices'],
  },
  resourceLogs('91a78b24-f231-4a8a-8da9-02c35b2b6510', 'App Service apps should have resource logs enabled', 'microsoft.web/sites'),
  resourceLogs('83a214f7-d01a-484b-91a9-ed54470c9a6a', 'Resource logs in Event Hub should be enabled', 'microsoft.eventhub/namespaces'),
  resourceLogs('383856f8-de7f-44a2-81fc-e5135b5c2aa4', 'Resource logs in IoT Hub should be enabled', 'microsoft.devices/iothubs'),
  resourceLogs('cf820ca0-f99e-4f3e-84fb-66e913812d21', 'Resource logs in Key Vault should be enabled', 'microsoft.keyvault/vaults'),
  resourceLogs('34f95f76-5386-4de7-b824-0d8478470c9d', 'Resource logs in Logic Apps should be enabled', 'microsoft.logic/workflows'),
  resourceLogs('b4330a05-a843-4bc8-bf9a-cacce50c67f4', 'Resource logs in Search services should be enabled', 'microsoft.search/searchservices'),
  resourceLogs('f8d36e2f-389b-4ee4-898d-21aeb69a0f45', 'Resource logs in Service Bus should be enabled', 'microsoft.servicebus/namespaces'),
  resourceLogs('f9be5368-9bf5-4b84-9e0a-7850da98bb46', 'Resource logs in Azure Stream Analytics should be enabled', 'microsoft.streamanalytics/streamingjobs'),
  resourceLogs('428256e6-1fac-4f48-a757-df34c2b3336d', 'Resource logs in Batch accounts should be enabled', 'microsoft.batch/batchaccounts'),
]

const agentPolicies = 'It is compliant when the extension is provisioned on a supported image. Here that is one of two questions: an agent without a data collection rule sends nothing.'

const notes: Readonly<Record<string, readonly AzurePolicyNote[]>> = {
  'resource-audit-logs': ofResourceLogs,
  'resource-logs-centralized': ofResourceLogs,
  'aks-audit': [{ id: '245fc9df-fa96-4414-9a0b-3738c2f7341c', displayName: 'Resource logs in Azure Kubernetes Service should be enabled', difference: anyEntry }],
  'sql-server-auditing': [{
    id: 'a6fb4358-5bf4-4ad7-ba82-2cd2f41ce5e9', displayName: 'Auditing on SQL server should be enabled',
    difference: 'It reads the state alone. Auditing to Azure Monitor without a setting on master that sends SQLSecurityAuditEvents is compliant there, and reaches nobody.',
  }],
  'sql-audit-actions': [{
    id: '7ff426e2-515f-405a-91c8-4f2333442eb5', displayName: 'SQL Auditing settings should have Action-Groups configured to capture critical activities',
    difference: 'It reads the three action groups alone. A predicate that leaves events out is compliant there.',
  }],
  'sql-audit-retention': [{
    id: '89099bee-89e0-4b26-a5f4-165451757743', displayName: 'SQL servers with auditing to storage account destination should be configured with 90 days retention or higher',
    difference: 'It asks for 90 days. Here the policy of Keypoint may ask for more.',
  }],
  'activity-log-export': [
    {
      id: '2465583e-4e78-4c15-b6be-a36cbc7c8b0f', displayName: 'Configure Azure Activity logs to stream to specified Log Analytics workspace',
      difference: 'It is compliant for the one workspace that its assignment names. Here several settings count together, and each approved destination serves.',
    },
    {
      id: '7796937f-307b-4598-941c-67d3a05ebfe7', displayName: 'Azure subscriptions should have a log profile for Activity Log',
      difference: 'It wants a log profile, which diagnostic settings have replaced: a modern subscription is not compliant there.',
    },
  ],
  'activity-log-beyond-90-days': [{
    id: 'b02aacc0-b073-424e-8298-42b22829ee0a', displayName: 'Activity log should be retained for at least one year',
    difference: 'It reads the retention of a log profile, which diagnostic settings have replaced: a modern subscription is not compliant there, however long its destination keeps the log.',
  }],
  'machine-log-agent': [
    { id: 'c02729e5-e5e7-4458-97fa-2b5ad0661f28', displayName: 'Windows virtual machines should have Azure Monitor Agent installed', difference: agentPolicies, resourceTypes: ['microsoft.compute/virtualmachines'] },
    { id: '1afdc4b6-581a-45fb-b630-f1e6051e3e7a', displayName: 'Linux virtual machines should have Azure Monitor Agent installed', difference: agentPolicies, resourceTypes: ['microsoft.compute/virtualmachines'] },
  ],
  'machine-security-events': [{
    id: '6265018c-d7e2-432f-a75d-094d5f6f4465', displayName: 'Audit Windows machines on which the Log Analytics agent is not connected as expected',
    difference: 'It tests the retired agent: a machine that has only the Azure Monitor agent cannot be compliant there.',
  }],
  'machine-antimalware': [{
    id: '9b597639-28e4-48eb-b506-56b05d366257', displayName: 'Microsoft IaaSAntimalware extension should be deployed on Windows servers',
    difference: 'It wants one extension on old images of Windows Server. Here Defender for Endpoint and the antivirus inside Windows count as well.',
  }],
  'windows-command-line-audit': [{
    id: '72650e9f-97bc-4b2a-ab5f-9781a9fcecbc', displayName: 'Windows machines should meet requirements of the Azure compute security baseline',
    difference: 'Its verdict is over all rules of the baseline, and nearly always not compliant. Here the one rule on the command line is read.',
  }],
  'machine-time-source': [{
    id: '72650e9f-97bc-4b2a-ab5f-9781a9fcecbc', displayName: 'Windows machines should meet requirements of the Azure compute security baseline',
    difference: 'Its verdict is over all rules of the baseline, and nearly always not compliant. Here the one rule on the time client is read.',
  }],
  'security-contact': [{
    id: '6e2593d9-add6-4083-9c9b-4b7d2188c899', displayName: 'Email notification for high severity alerts should be enabled',
    difference: 'It asks whether notices of alerts are on, not whether there is an address that they go to; another policy asks for that.',
  }],
  'traffic-analytics': [{
    id: '2f080164-9f4d-497e-9db6-416dc9f7b48a', displayName: 'Network Watcher flow logs should have traffic analytics enabled',
    difference: 'It reads the switch and the interval. Here the workspace behind it must exist, too.',
  }],
  'vnet-flow-logs': [{
    id: '4c3c6c5f-0d47-4402-99b8-aa543dd8bcee', displayName: 'Audit flow logs configuration for every virtual network',
    difference: 'It is compliant as soon as the network names a flow log, even one that is switched off.',
  }],
}

const alertPolicies: Readonly<Record<string, readonly [string, string]>> = {
  policy: ['c5447c04-a4d7-4ba8-a263-c9ee321a6858', 'An activity log alert should exist for specific Policy operations'],
  security: ['3b980d31-7904-4bb7-8575-5665739a8052', 'An activity log alert should exist for specific Security operations'],
  other: ['b954148f-4c11-4c38-8221-be76711e194a', 'An activity log alert should exist for specific Administrative operations'],
}

function ofAlert(check: string): readonly AzurePolicyNote[] {
  const family = check.includes('-policy-') ? 'policy' : check.includes('-security-solution-') ? 'security' : 'other'
  const [id, displayName] = alertPolicies[family] ?? ['', '']
  const filed = family === 'other' ? '' : `It wants the category ${family === 'policy' ? 'Policy' : 'Security'}, so that a rule on Administrative, where the documentation files the operation, does not satisfy it. `
  return [{ id, displayName, difference: `${filed}It looks for a rule with that operation and does not ask whether further conditions narrow it, whether an action group reaches somebody, or whether a processing rule suppresses it.` }]
}

const operations = /^activity-alert-(?:network-security-group|policy-assignment|security-solution|sql-firewall-rule)-/

/** The built-in policies that look at what a check looks at, and why they may say something else. */
export function azurePolicyNotes(check: string, resourceType: string): readonly AzurePolicyNote[] {
  const known = notes[check] ?? (operations.test(check) ? ofAlert(check) : [])
  return known.filter(({ resourceTypes }) => resourceTypes === undefined || resourceTypes.includes(resourceType.toLowerCase()))
}

/** All of a check's notes, for its reference page. */
export function allAzurePolicyNotes(check: string): readonly AzurePolicyNote[] {
  return notes[check] ?? (operations.test(check) ? ofAlert(check) : [])
}

/** Checks that have notes of their own; alerts on operations have them by family. */
export const checksWithNotes: readonly string[] = Object.keys(notes)
