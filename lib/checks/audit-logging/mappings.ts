import type { BenchmarkMapping } from '@/lib/domain/check'

export const auditLoggingMappings: readonly BenchmarkMapping[] = [
  { framework: 'ASB v1', controls: ['2.3'] },
  { framework: 'MCSB v1', controls: ['LT-3'] },
  { framework: 'CIS Azure 2.0', controls: ['5.4'] },
  { framework: 'CIS Azure 2.1', controls: ['5.4'] },
  { framework: 'CIS Azure 3.0', controls: ['6.4'] },
  { framework: 'CIS Azure 4.0', controls: ['7.1.4'] },
  { framework: 'CIS Azure 5.0', controls: ['6.1.4'] },
  { framework: 'NIST SP 800-53', controls: ['AU-2', 'AU-3', 'AU-6(4)', 'AU-6(5)', 'AU-12', 'AU-12(1)'] },
]

export const sqlAuditMappings: readonly BenchmarkMapping[] = [
  { framework: 'ASB v1', controls: ['2.3'] },
  { framework: 'MCSB v1', controls: ['LT-3'] },
  { framework: 'CIS Azure 2.0', controls: ['4.1.1'] },
  { framework: 'CIS Azure 2.1', controls: ['4.1.1'] },
  { framework: 'CIS Azure 3.0', controls: ['5.1.1'] },
  { framework: 'NIST SP 800-53', controls: ['AU-2', 'AU-3', 'AU-12', 'AU-12(1)'] },
]

const networkMappings: readonly BenchmarkMapping[] = [
  { framework: 'ASB v1', controls: ['2.3'] },
  { framework: 'MCSB v1', controls: ['LT-4'] },
  { framework: 'NIST SP 800-53', controls: ['AU-3', 'AU-6', 'AU-12', 'SI-4'] },
]

export const flowLogMappings: readonly BenchmarkMapping[] = [
  ...networkMappings,
  { framework: 'CIS Azure 2.0', controls: ['5.1.6'] },
  { framework: 'CIS Azure 2.1', controls: ['5.1.5'] },
  { framework: 'CIS Azure 3.0', controls: ['6.1.5'] },
  { framework: 'CIS Azure 4.0', controls: ['7.1.1.5', '7.1.1.7'] },
  { framework: 'CIS Azure 5.0', controls: ['6.1.1.5', '6.1.1.7'] },
]

export const networkWatcherMappings: readonly BenchmarkMapping[] = [
  ...networkMappings,
  { framework: 'CIS Azure 2.0', controls: ['6.6'] },
  { framework: 'CIS Azure 2.1', controls: ['6.6'] },
  { framework: 'CIS Azure 3.0', controls: ['7.6'] },
  { framework: 'CIS Azure 4.0', controls: ['8.6'] },
  { framework: 'CIS Azure 5.0', controls: ['7.6'] },
]

export const databaseAuditMappings: readonly BenchmarkMapping[] = [
  { framework: 'ASB v1', controls: ['2.3'] },
  { framework: 'MCSB v1', controls: ['LT-3'] },
  { framework: 'CIS Azure 2.0', controls: ['4.4.3', '4.4.4'] },
  { framework: 'CIS Azure 2.1', controls: ['4.4.3', '4.4.4'] },
  { framework: 'CIS Azure 3.0', controls: ['5.3.3', '5.3.4'] },
  { framework: 'NIST SP 800-53', controls: ['AU-2', 'AU-3', 'AU-12', 'AU-12(1)'] },
]
