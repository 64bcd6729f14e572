import type { Check } from '@/lib/domain/check'
import { askMachine, legacyAgents, machineEvidence, machinePermissions, machineTypes } from '../machine'
import { remediateLegacyAgent } from '../remediation/legacy-agent'
import { listInWords } from '../wording'
import { agentMigrationSource, osLogMappings } from './mappings'

export const legacyLogAgent: Check = {
  id: 'legacy-log-agent',
  version: 2,
  keyPoint: 'os-security-logs',
  title: 'The retired Log Analytics agent is gone',
  question: 'Is this machine free of the retired Log Analytics agent?',
  why: 'The Log Analytics agent has been without support since 31 August 2024. It gets no security fixes, its uploads may stop at any time, and beside the new agent it sends events twice.',
  severity: 'low',
  rules: {
    pass: 'Neither MicrosoftMonitoringAgent nor OmsAgentForLinux is on the machine.',
    fail: 'One of them is, in whatever state.',
    notApplicable: 'A service owns the machine, or it is an instance of a scale set that is judged for all.',
    unknown: 'An Arc machine has been disconnected for more than seven days, or the subscription could not be read.',
  },
  sources: [agentMigrationSource],
  mappings: osLogMappings,
  permissions: [...machinePermissions, 'Microsoft.Compute/virtualMachines/extensions/read', 'Microsoft.HybridCompute/machines/extensions/read'],

  asks: machineTypes,
  evaluate(subject, context) {
    const asked = askMachine(subject, context)
    if (asked === undefined || 'judgement' in asked) return asked?.judgement
    const legacy = legacyAgents(asked.machine).map(({ type }) => type)
    const evidence = machineEvidence(asked.machine)
    if (legacy.length === 0) return { verdict: 'pass', reason: 'The retired Log Analytics agent is not on the machine.', evidence }
    return { verdict: 'fail', reason: `The Log Analytics agent (${listInWords(legacy)}), retired on 31 August 2024, is still there.`, evidence }
  },

  remediate: remediateLegacyAgent,
}
