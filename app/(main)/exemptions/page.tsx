import type { Metadata } from 'next'
import Link from 'next/link'
import { formatCounted } from '@/components/format'
import { buttonClass } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { EmptyState } from '@/components/ui/empty-state'
import { Notice } from '@/components/ui/notice'
import { PageHeader } from '@/components/ui/page-header'
import { hasRole } from '@/lib/auth/person'
import { requireViewer } from '@/lib/auth/require-viewer'
import { webConfig } from '@/lib/auth/web-settings'
import { expiringExemptions, getDatabase, getPolicyExemptions, listExemptions } from '@/lib/db'
import { exemptionState } from '@/lib/domain/exemption'
import { effectivePolicy } from '@/lib/jobs/effective-policy'
import { loadExempted } from '../load-overview'
import { AzurePolicyExemptions } from './azure-policy-exemptions'
import { ExemptionTable } from './exemption-table'

export const metadata: Metadata = { title: 'Exemptions' }

const soonDays = 14

export default async function ExemptionsPage() {
  const { person, viewer } = await requireViewer()
  const [exemptions, exempted, azurePolicy] = await Promise.all([listExemptions(getDatabase(), viewer), loadExempted(), getPolicyExemptions(getDatabase(), viewer)])
  const now = new Date()
  const inState = (...states: ReturnType<typeof exemptionState>[]) => exemptions.filter((row) => states.includes(exemptionState(row, now)))
  const inForce = inState('in-force')
  const soon = await expiringExemptions(getDatabase(), viewer, soonDays, now)
  const mayAsk = hasRole(person, 'Keypoint.Operator')
  const { exemptionApprover } = await effectivePolicy(getDatabase(), viewer.estateId, webConfig().policyPath)
  const rights = { mayAsk, mayApprove: hasRole(person, 'Keypoint.Admin'), byAnother: exemptionApprover === 'another-person', username: person.username }
  const parts = [
    { id: 'requested', title: 'Waiting for approval', rows: inState('requested') },
    { id: 'in-force', title: 'In force', rows: inForce },
    { id: 'past', title: 'Past', rows: inState('expired', 'ended') },
  ].filter((part) => part.rows.length > 0)
  const gaps = Object.values(exempted).reduce((sum, count) => sum + count, 0)
  return (
    <>
      <PageHeader
        title="Exemptions" lead={`${formatCounted(gaps, 'gap')} exempt now. An exemption marks gaps for a time; they stay gaps and count in the score.`}
        actions={mayAsk && <Link href="/exemptions/new" className={buttonClass('primary')}>New exemption</Link>}
      />
      <div className="space-y-6">
        {soon.length > 0 && <Notice kind="warning" title={`${formatCounted(soon.length, 'exemption')} in force ${soon.length === 1 ? 'ends' : 'end'} within ${soonDays} days`} />}
        {parts.length === 0 && (
          <EmptyState title="No exemption yet">
            {mayAsk ? 'Ask for one on a gap of a resource, or here for a group, a subscription or the whole tenant. An Admin approves it.' : 'Asking for one needs the role Keypoint.Operator.'}
          </EmptyState>
        )}
        {parts.map(({ id, title, rows }) => <Card key={id} id={id} title={title}><ExemptionTable caption={title} rows={rows} rights={rights} now={now} /></Card>)}
        <Card id="azure-policy" title="From Azure Policy"><AzurePolicyExemptions state={azurePolicy} imported={inForce.filter((row) => row.source !== null).length} /></Card>
      </div>
    </>
  )
}
