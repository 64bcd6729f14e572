import type { Metadata } from 'next'
import { formatUtc } from '@/components/format'
import { Card } from '@/components/ui/card'
import { CodeBlock } from '@/components/ui/code-block'
import { DefinitionList } from '@/components/ui/definition-list'
import { Notice } from '@/components/ui/notice'
import { PageHeader } from '@/components/ui/page-header'
import { hasRole } from '@/lib/auth/person'
import { requireViewer } from '@/lib/auth/require-viewer'
import { webConfig } from '@/lib/auth/web-settings'
import { currentPolicy, getDatabase, getOverview, listResources } from '@/lib/db'
import { readPolicyFile } from '@/lib/jobs/effective-policy'
import { defaultPolicy } from '@/lib/domain/policy'
import { savePolicyForm } from './actions'
import { connectionItems } from './connection-items'
import { PolicyForm } from './policy-form'
import { workspaceCandidates } from './workspace-candidates'

export const metadata: Metadata = { title: 'Settings' }

const workspacesMax = 200

export default async function SettingsPage() {
  const { person, viewer, estate } = await requireViewer()
  const db = getDatabase()
  const config = webConfig()
  const [current, { scan }, workspaces] = await Promise.all([
    currentPolicy(db, viewer.estateId),
    getOverview(db, viewer),
    listResources(db, viewer, { types: ['microsoft.operationalinsights/workspaces'], sort: 'name', descending: false, page: 1, pageSize: workspacesMax }),
  ])
  const policy = current?.policy ?? defaultPolicy
  const fromFile = config.policyPath === null ? null : readPolicyFile(config.policyPath)
  const candidates = workspaceCandidates(workspaces.rows, scan?.central ?? null, policy.approvedWorkspaces)
  const isAdmin = hasRole(person, 'Keypoint.Admin')
  const approved = candidates.filter((candidate) => candidate.approved)
  return (
    <>
      <PageHeader title="Settings" />
      <div className="space-y-6">
        <Card title="Policy" id="policy">
          <div className="space-y-4">
            {policy.approvedWorkspaces === null && (
              <Notice title="The central workspaces are a proposal">
                <p>Nobody has confirmed them. Until then each scan judges by the workspaces it proposes; {isAdmin ? 'look at them and confirm.' : 'an Admin can confirm them.'}</p>
              </Notice>
            )}
            {fromFile !== null && (
              <Notice title="A policy file applies on top">
                <p>The file that <code>KEYPOINT_POLICY</code> names overrules what is stored here. It sets:</p>
                <CodeBlock text={JSON.stringify(fromFile, null, 2)} label="policy file" />
              </Notice>
            )}
            {isAdmin ? (
              <PolicyForm version={policy.version} candidates={candidates} retention={policy.retentionDays} proposed={policy.approvedWorkspaces === null} action={savePolicyForm} />
            ) : (
              <DefinitionList
                items={[
                  { term: policy.approvedWorkspaces === null ? 'Proposed workspaces' : 'Approved workspaces', value: approved.length === 0 ? 'None' : <ul>{approved.map((candidate) => <li key={candidate.id}>{candidate.name} <span className="text-muted">{candidate.where}</span></li>)}</ul> },
                  { term: 'Total retention', value: `${policy.retentionDays.total} days` },
                  { term: 'Interactive retention', value: `${policy.retentionDays.interactive} days` },
                  { term: 'Who can change it', value: 'People with the role Keypoint.Admin' },
                ]}
              />
            )}
            <p className="text-sm text-muted">{current === null ? 'Nothing was saved yet: these are the defaults.' : `Version ${current.policy.version}, saved by ${current.createdBy} on ${formatUtc(current.createdAt)}.`}</p>
          </div>
        </Card>
        <Card title="Connection" id="connection"><DefinitionList items={connectionItems(config, estate)} /></Card>
      </div>
    </>
  )
}
