import { DefinitionList } from '@/components/ui/definition-list'
import { nameOf } from '@/lib/domain/arm-id'
import { keyPointTitle } from '@/lib/domain/key-point'
import type { Policy } from '@/lib/domain/policy'
import { nightsInWords } from '@/lib/domain/policy-changes'
import { keptKeyPoints } from '@/lib/domain/retention-days'
import type { WorkspaceCandidate } from './policy-form'

/** The policy for those who may not change it. */
export function PolicySummary({ policy, candidates }: { policy: Policy; candidates: WorkspaceCandidate[] }) {
  const approved = candidates.filter((candidate) => candidate.approved)
  const categories = Object.entries(policy.requiredCategories)
  const { byKeyPoint = {} } = policy.retentionDays
  const figures = keptKeyPoints.flatMap((keyPoint) => (byKeyPoint[keyPoint] === undefined ? [] : [`${keyPointTitle(keyPoint)}: ${byKeyPoint[keyPoint]} days`]))
  return (
    <DefinitionList
      items={[
        { term: policy.approvedWorkspaces === null ? 'Proposed workspaces' : 'Approved workspaces', value: approved.length === 0 ? 'None' : <ul>{approved.map((candidate) => <li key={candidate.id}>{candidate.name} <span className="text-muted">{candidate.where}</span></li>)}</ul> },
        { term: 'Approved destinations', value: policy.approvedDestinations.length === 0 ? 'None' : <ul>{policy.approvedDestinations.map((id) => <li key={id} title={id}>{nameOf(id)}</li>)}</ul> },
        { term: 'Total retention', value: `${policy.retentionDays.total} days` },
        { term: 'Interactive retention', value: `${policy.retentionDays.interactive} days` },
        ...(figures.length === 0 ? [] : [{ term: 'Logs of single key points', value: <ul>{figures.map((figure) => <li key={figure}>{figure}</li>)}</ul> }]),
        ...(categories.length === 0 ? [] : [{ term: 'Required categories', value: <ul>{categories.map(([type, names]) => <li key={type}>{type}: {names.join(', ') || 'none'}</li>)}</ul> }]),
        { term: 'Exemptions are approved by', value: policy.exemptionApprover === 'any-admin' ? 'Any Admin' : 'Another Admin than whoever asked' },
        { term: 'Everything is read', value: nightsInWords(policy.fullEveryNights) },
        { term: 'Who can change it', value: 'People with the role Keypoint.Admin' },
      ]}
    />
  )
}
