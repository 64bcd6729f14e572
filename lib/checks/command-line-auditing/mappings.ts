import type { BenchmarkMapping, CheckSource } from '@/lib/domain/check'

export const commandLineMappings: readonly BenchmarkMapping[] = [
  { framework: 'ASB v1', controls: ['2.10'] },
  { framework: 'MCSB v1', controls: ['LT-3'] },
  { framework: 'NIST SP 800-53', controls: ['AU-3', 'AU-12', 'AU-12(1)'] },
]

export const processAuditingSource: CheckSource = { title: 'Command line process auditing', url: 'https://learn.microsoft.com/windows-server/identity/ad-ds/manage/component-updates/command-line-process-auditing' }
export const windowsBaselineSource: CheckSource = { title: 'Windows security baseline of machine configuration', url: 'https://learn.microsoft.com/azure/governance/policy/samples/guest-configuration-baseline-windows' }
export const machineConfigurationSource: CheckSource = { title: 'Azure machine configuration', url: 'https://learn.microsoft.com/azure/governance/machine-configuration/overview' }
