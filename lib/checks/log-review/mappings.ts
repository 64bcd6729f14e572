import type { BenchmarkMapping, CheckSource } from '@/lib/domain/check'

export const reviewMappings: readonly BenchmarkMapping[] = [
  { framework: 'ASB v1', controls: ['2.6'] },
  { framework: 'MCSB v1', controls: ['LT-1', 'LT-5'] },
  { framework: 'MCSB v2', controls: ['LT-1', 'LT-5'] },
  { framework: 'NIST SP 800-53', controls: ['AU-6', 'AU-6(1)', 'SI-4'] },
]

export const centralizeSource: CheckSource = {
  title: 'MCSB LT-5: Centralize security log management and analysis',
  url: 'https://learn.microsoft.com/security/benchmark/azure/mcsb-logging-threat-detection#lt-5-centralize-security-log-management-and-analysis',
}
export const analyticsSource: CheckSource = { title: 'Threat detection in Microsoft Sentinel', url: 'https://learn.microsoft.com/azure/sentinel/threat-detection' }
export const fusionSource: CheckSource = { title: 'Advanced multistage attack detection in Microsoft Sentinel', url: 'https://learn.microsoft.com/azure/sentinel/fusion' }
