import type { BenchmarkMapping } from '@/lib/domain/check'

const shared: readonly BenchmarkMapping[] = [{ framework: 'ASB v1', controls: ['2.7'] }]
const detection: readonly BenchmarkMapping[] = [
  ...shared,
  { framework: 'MCSB v1', controls: ['LT-1', 'LT-2'] },
  { framework: 'MCSB v2', controls: ['LT-1', 'LT-2'] },
]
const nist: BenchmarkMapping = { framework: 'NIST SP 800-53', controls: ['SI-4', 'AU-6', 'AU-6(5)', 'AU-12'] }

export type CisControls = Partial<Record<'2.0' | '2.1' | '3.0' | '4.0' | '5.0', string>>

function cis(controls: CisControls): BenchmarkMapping[] {
  return (['2.0', '2.1', '3.0', '4.0', '5.0'] as const).flatMap((version): BenchmarkMapping[] => {
    const control = controls[version]
    return control === undefined ? [] : [{ framework: `CIS Azure ${version}`, controls: [control] }]
  })
}

/** Detection by a Defender plan. */
export function planMappings(controls: CisControls): readonly BenchmarkMapping[] {
  return [...detection, ...cis(controls), nist]
}

/** An alert on operations of the activity log; CIS numbers them alike in all versions, below a section that moves. */
export function alertMappings(number: number | null): readonly BenchmarkMapping[] {
  const later: CisControls = { '4.0': `7.1.2.${number}`, '5.0': `6.1.2.${number}` }
  const all: CisControls = { '2.0': `5.2.${number}`, '2.1': `5.2.${number}`, '3.0': `6.2.${number}`, ...later }
  return [...detection, ...(number === null ? [] : cis(number > 10 ? later : all)), nist]
}

export const contactMappings: readonly BenchmarkMapping[] = [
  ...shared,
  { framework: 'MCSB v1', controls: ['IR-2'] },
  { framework: 'MCSB v2', controls: ['IR-2'] },
  ...cis({ '2.0': '2.1.20', '2.1': '2.1.19', '3.0': '3.1.14', '4.0': '9.1.14' }),
  { framework: 'NIST SP 800-53', controls: ['SI-4(12)'] },
]

export const ownerMappings: readonly BenchmarkMapping[] = [
  ...shared,
  { framework: 'MCSB v1', controls: ['IR-2'] },
  { framework: 'MCSB v2', controls: ['IR-2'] },
  { framework: 'NIST SP 800-53', controls: ['SI-4(12)'] },
]
