import type { Check } from '@/lib/domain/check'
import { agentState, askMachine, legacyAgents, machineEvidence, machinePermissions, machineTypes, monitorAgent, withoutAgent } from '../machine'
import { remediateAgent } from '../remediation/monitor-agent'
import { agentMigrationSource, agentSource, osLogMappings } from './mappings'

export const machineLogAgent: Check = {
  id: 'machine-log-agent',
  version: 2,
  keyPoint: 'os-security-logs',
  title: 'The Azure Monitor agent is installed',
  question: 'Does this machine have the agent that collects its operating system’s logs, did its installation succeed, and can it sign in?',
  why: 'Azure sees nothing of what happens inside an operating system. Without a working agent sign-ins, privilege use and cleared logs stay on the machine, where an intruder can erase them.',
  severity: 'high',
  rules: {
    pass: 'The Azure Monitor agent extension is there, its provisioning succeeded, and the machine has a system-assigned identity or the extension names a user-assigned one; for a scale set, its model carries the extension. An Arc machine has an identity by itself.',
    fail: 'The extension is missing, its provisioning failed, or the machine has no managed identity, without which the agent sends nothing. The retired Log Analytics agent does not count.',
    notApplicable: 'A service owns the machine (AKS, Databricks, Batch, a managed application), or it is an instance of a scale set that is judged for all.',
    unknown: 'An Arc machine has been disconnected for more than seven days, the extension is being changed at this moment, the machine has user-assigned identities alone and the extension names none (or the other way round), or the subscription could not be read.',
  },
  sources: [agentSource, agentMigrationSource],
  mappings: osLogMappings,
  permissions: [...machinePermissions, 'Microsoft.Compute/virtualMachines/extensions/read', 'Microsoft.HybridCompute/machines/extensions/read'],

  asks: machineTypes,
  evaluate(subject, context) {
    const asked = askMachine(subject, context)
    if (asked === undefined || 'judgement' in asked) return asked?.judgement
    const { machine } = asked
    const evidence = machineEvidence(machine)
    const agent = monitorAgent(machine)
    switch (agentState(machine)) {
      case 'works':
        return { verdict: 'pass', reason: `${agent?.type ?? 'The agent'} is ${machine.kind === 'scale set' ? 'in the model of the scale set' : 'installed'}.`, evidence }
      case 'no-identity':
        return { verdict: 'fail', reason: `${agent?.type ?? 'The agent'} is ${machine.kind === 'scale set' ? 'in the model of the scale set' : 'installed'}, and there is no managed identity that it could sign in with.`, evidence }
      case 'unclear-identity':
        return {
          verdict: 'unknown',
          reasonCode: 'unsupported',
          reason: `${agent?.type ?? 'The agent'} is there, and ${agent?.namesIdentity ? 'is told to sign in with a user-assigned identity, of which the machine has none' : 'is not told which of the user-assigned identities to sign in with, as Azure asks where there is no system-assigned one'}.`,
          evidence,
        }
      case 'unread-identity':
        return withoutAgent(machine, 'unread-identity')
      case 'failed':
        return { verdict: 'fail', reason: `The installation of ${agent?.type ?? 'the agent'} ${agent?.provisioningState?.toLowerCase() === 'canceled' ? 'was canceled' : 'failed'}.`, evidence }
      case 'changing':
        return {
          verdict: 'unknown',
          reasonCode: 'not-onboarded',
          reason: `${agent?.type ?? 'The agent'} is not settled: its provisioning state is ${agent?.provisioningState ?? 'not told'}.`,
          evidence,
        }
      case 'absent': {
        const [legacy] = legacyAgents(machine)
        const reason = legacy === undefined
          ? 'There is no agent that collects the logs of the operating system.'
          : `Only the Log Analytics agent (${legacy.type}) is there, which was retired on 31 August 2024.`
        return { verdict: 'fail', reason, evidence }
      }
    }
  },

  remediate: remediateAgent,
}
