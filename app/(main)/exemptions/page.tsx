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
import { getDatabase, listExemptions } from '@/lib/db'
import { exemptionState } from '@/lib/domain/exemption'
import { loadExempted } from '../load-overview'
import { ExemptionTable } from './exemption-table'

export const metadata: Metadata = { title: 'Exemptions' }

const soonDays = 14

export default async function ExemptionsPage() {
  const { person, viewer } = await requireViewer()
  const [exemptions, exempted] = await Promise.all([listExemptions(getDatabase(), viewer), loadExempted()])
  const now = new Date()
  const inState = (...states: ReturnType<typeof exemptionState>[]) => exemptions.filter((row) => states.includes(exemptionState(row, now)))
  const inForce = inState('in-force')
  const soon = inForce.filter((row) => Date.parse(row.expiresAt) - now.getTime() < soonDays * 86_400_000)
  const mayAsk = hasRole(person, 'Keypoint.Operator')
  const rights = { mayAsk, mayApprove: hasRole(person, 'Keypoint.Admin'), username: person.username }
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
      </div>
    </>
  )
}
