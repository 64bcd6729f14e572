import { DefinitionList } from '@/components/ui/definition-list'
import { nameOf } from '@/lib/domain/arm-id'
import type { Policy } from '@/lib/domain/policy'
import type { WorkspaceCandidate } from './policy-form'

/** The policy for those who may not change it. */
export function PolicySummary({ policy, candidates }: { policy: Policy; candidates: WorkspaceCandidate[] }) {
  const approved = candidates.filter((candidate) => candidate.approved)
  const categories = Object.entries(policy.requiredCategories)
  const logRetention = policy.retentionDays.byKeyPoint?.['log-retention']
  return (
    <DefinitionList
      items={[
        { term: policy.approvedWorkspaces === null ? 'Proposed workspaces' : 'Approved workspaces', value: approved.length === 0 ? 'None' : <ul>{approved.map((candidate) => <li key={candidate.id}>{candidate.name} <span className="text-muted">{candidate.where}</span></li>)}</ul> },
        { term: 'Approved destinations', value: policy.approvedDestinations.length === 0 ? 'None' : <ul>{policy.approvedDestinations.map((id) => <li key={id} title={id}>{nameOf(id)}</li>)}</ul> },
        { term: 'Total retention', value: `${policy.retentionDays.total} days` },
        { term: 'Interactive retention', value: `${policy.retentionDays.interactive} days` },
        ...(logRetention === undefined ? [] : [{ term: 'Security log storage', value: `${logRetention} days` }]),
        ...(categories.length === 0 ? [] : [{ term: 'Required categories', value: <ul>{categories.map(([type, names]) => <li key={type}>{type}: {names.join(', ') || 'none'}</li>)}</ul> }]),
        { term: 'Who can change it', value: 'People with the role Keypoint.Admin' },
      ]}
    />
  )
}
