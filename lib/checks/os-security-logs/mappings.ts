import type { BenchmarkMapping, CheckSource } from '@/lib/domain/check'

export const osLogMappings: readonly BenchmarkMapping[] = [
  { framework: 'ASB v1', controls: ['2.4'] },
  { framework: 'MCSB v1', controls: ['LT-3', 'LT-5'] },
  { framework: 'NIST SP 800-53', controls: ['AU-3', 'AU-6', 'AU-12', 'SI-4'] },
]

export const agentSource: CheckSource = { title: 'Azure Monitor Agent overview', url: 'https://learn.microsoft.com/azure/azure-monitor/agents/azure-monitor-agent-overview' }
export const agentMigrationSource: CheckSource = { title: 'Migrate to Azure Monitor Agent from Log Analytics agent', url: 'https://learn.microsoft.com/azure/azure-monitor/agents/azure-monitor-agent-migration' }
export const ruleSource: CheckSource = { title: 'Data collection rules in Azure Monitor', url: 'https://learn.microsoft.com/azure/azure-monitor/data-collection/data-collection-rule-overview' }
export const windowsEventsSource: CheckSource = { title: 'Collect Windows events from virtual machines', url: 'https://learn.microsoft.com/azure/azure-monitor/vm/data-collection-windows-events' }
export const syslogSource: CheckSource = { title: 'Collect Syslog events from virtual machine client', url: 'https://learn.microsoft.com/azure/azure-monitor/vm/data-collection-syslog' }
