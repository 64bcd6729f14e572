import type { Metadata } from 'next'
import Link from 'next/link'
import { formatUtc } from '@/components/format'
import { StartButton } from '@/components/scans/start-button'
import { Card } from '@/components/ui/card'
import { CodeBlock } from '@/components/ui/code-block'
import { DefinitionList } from '@/components/ui/definition-list'
import { Notice } from '@/components/ui/notice'
import { PageHeader } from '@/components/ui/page-header'
import { webConfig } from '@/lib/auth/web-settings'
import { getDatabase, lastWithResults, listResources } from '@/lib/db'
import { readPolicyFile } from '@/lib/jobs/effective-policy'
import { judgeAgain, savePolicyForm } from './actions'
import { connectionItems } from './connection-items'
import { loadPolicy } from './load-policy'
import { categoriesText } from './policy-fields'
import { PolicyForm } from './policy-form'
import { PolicySummary } from './policy-summary'
import { SettingsTabs } from './settings-tabs'
import { workspaceCandidates } from './workspace-candidates'

export const metadata: Metadata = { title: 'Settings' }

const workspacesMax = 200

export default async function SettingsPage() {
  const { viewer, estate, policy, current, isAdmin, mayJudge } = await loadPolicy()
  const db = getDatabase()
  const config = webConfig()
  const [scan, workspaces] = await Promise.all([
    lastWithResults(db, viewer),
    listResources(db, viewer, { types: ['microsoft.operationalinsights/workspaces'], sort: 'name', descending: false, page: 1, pageSize: workspacesMax }),
  ])
  const fromFile = config.policyPath === null ? null : readPolicyFile(config.policyPath)
  const candidates = workspaceCandidates(workspaces.rows, scan?.central ?? null, policy.approvedWorkspaces)
  const outdated = scan !== null && scan.policyVersion !== policy.version
  return (
    <>
      <PageHeader title="Settings" actions={mayJudge && scan !== null && !outdated && <StartButton action={judgeAgain} label="Judge again" />} />
      <SettingsTabs current="/settings" />
      <div className="space-y-6">
        {outdated && (
          <Notice title={`What the pages show was judged by ${scan.policyVersion === 0 ? 'the defaults' : `version ${scan.policyVersion}`} of the policy; version ${policy.version} is in force`}>
            <p>Judging again takes what the last scan read and asks Azure nothing.</p>
            {mayJudge && <StartButton action={judgeAgain} kind="primary" label="Judge again" />}
          </Notice>
        )}
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
              <PolicyForm
                candidates={candidates} proposed={policy.approvedWorkspaces === null} action={savePolicyForm}
                values={{
                  version: policy.version,
                  retention: policy.retentionDays, approvedByAnother: policy.exemptionApprover === 'another-person', nights: policy.fullEveryNights,
                  destinations: policy.approvedDestinations.join('\n'), categories: categoriesText(policy.requiredCategories),
                }}
              />
            ) : <PolicySummary policy={policy} candidates={candidates} />}
            <p className="text-sm text-muted">
              {current === null ? 'Nothing was saved yet: these are the defaults.' : <>Version {current.policy.version}, saved by {current.createdBy} on {formatUtc(current.createdAt)}. <Link href="/settings/versions" className="link">All versions</Link></>}
            </p>
          </div>
        </Card>
        <Card title="Connection" id="connection"><DefinitionList items={connectionItems(config, estate)} /></Card>
      </div>
    </>
  )
}
