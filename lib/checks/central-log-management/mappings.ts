import type { BenchmarkMapping } from '@/lib/domain/check'

const shared: readonly BenchmarkMapping[] = [
  { framework: 'ASB v1', controls: ['2.2'] },
  { framework: 'MCSB v1', controls: ['LT-5'] },
  { framework: 'NIST SP 800-53', controls: ['AU-3', 'AU-6', 'AU-6(4)', 'AU-12', 'SI-4'] },
]

export const centralMappings: readonly BenchmarkMapping[] = shared

export const activityLogMappings: readonly BenchmarkMapping[] = [
  { framework: 'ASB v1', controls: ['2.2'] },
  { framework: 'MCSB v1', controls: ['LT-3', 'LT-5'] },
  { framework: 'CIS Azure 2.0', controls: ['5.1.1', '5.1.2'] },
  { framework: 'CIS Azure 2.1', controls: ['5.1.1', '5.1.2'] },
  { framework: 'CIS Azure 3.0', controls: ['6.1.1', '6.1.2'] },
  { framework: 'CIS Azure 4.0', controls: ['7.1.1.1', '7.1.1.2'] },
  { framework: 'CIS Azure 5.0', controls: ['6.1.1.1', '6.1.1.2'] },
  { framework: 'NIST SP 800-53', controls: ['AU-3', 'AU-6', 'AU-6(4)', 'AU-12', 'SI-4'] },
]

export const entraMappings: readonly BenchmarkMapping[] = [
  ...shared,
  { framework: 'CIS Azure 4.0', controls: ['7.1.1.9'] },
  { framework: 'CIS Azure 5.0', controls: ['6.1.1.9'] },
]

export const entraCompleteMappings: readonly BenchmarkMapping[] = [
  ...shared,
  { framework: 'CIS Azure 4.0', controls: ['7.1.1.8', '7.1.1.9'] },
  { framework: 'CIS Azure 5.0', controls: ['6.1.1.8', '6.1.1.9'] },
]
