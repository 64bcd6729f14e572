import type { BenchmarkMapping } from '@/lib/domain/check'

export const retentionMappings: readonly BenchmarkMapping[] = [
  { framework: 'ASB v1', controls: ['2.5'] },
  { framework: 'MCSB v1', controls: ['LT-6'] },
  { framework: 'NIST SP 800-53', controls: ['AU-11'] },
  { framework: 'PCI DSS', controls: ['10.5', '10.7'] },
]

export const sqlRetentionMappings: readonly BenchmarkMapping[] = [
  ...retentionMappings,
  { framework: 'CIS Azure 2.0', controls: ['4.1.6'] },
  { framework: 'CIS Azure 2.1', controls: ['4.1.6'] },
  { framework: 'CIS Azure 3.0', controls: ['5.1.6'] },
]

export const flowRetentionMappings: readonly BenchmarkMapping[] = [
  ...retentionMappings,
  { framework: 'CIS Azure 2.0', controls: ['6.5'] },
  { framework: 'CIS Azure 2.1', controls: ['6.5'] },
  { framework: 'CIS Azure 3.0', controls: ['7.5'] },
  { framework: 'CIS Azure 4.0', controls: ['8.5', '8.8'] },
  { framework: 'CIS Azure 5.0', controls: ['7.5', '7.8'] },
]
