import type { CheckAlternative, CheckContext } from '@/lib/domain/check'
import type { Judgement } from '@/lib/domain/finding'
import { defenderForEndpoint, type Machine } from '../machine'

/** Off by default: an auditor may or may not take it for the audit of commands. */
export const edrAlternative: CheckAlternative = {
  id: 'edr-command-line',
  title: 'Defender for Endpoint records command lines',
  meaning: 'Counts as a pass where nothing else tells and the machine is onboarded to Defender for Endpoint, whose sensor records processes with their command lines. That the extension was provisioned is shown, not that the sensor reports; its events stay in Defender for 30 days unless they are streamed.',
}

/** The judgement, or a pass where nothing tells, the policy accepts the sensor and the machine has it. */
export function orByEdr(judgement: Judgement, machine: Machine, context: CheckContext): Judgement {
  if (judgement.verdict !== 'unknown' || !['not-onboarded', 'unsupported'].includes(judgement.reasonCode) || !context.policy.acceptedAlternatives.includes(edrAlternative.id)) return judgement
  const sensor = defenderForEndpoint(machine)
  if (sensor === undefined) return judgement
  const { name, publisher, type, provisioningState } = sensor
  return {
    verdict: 'pass',
    reason: 'Defender for Endpoint is onboarded and records command lines of its own, which the policy accepts.',
    evidence: { ...judgement.evidence, accepted: edrAlternative.title, sensor: { name, publisher, type, provisioningState } },
  }
}
