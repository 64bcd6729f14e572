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
import { exemptionPageRows, expiringExemptions, getDatabase, getPolicyExemptions, knownSubscriptions, listExemptions } from '@/lib/db'
import { effectivePolicy } from '@/lib/jobs/effective-policy'
import { loadExempted } from '../load-overview'
import { AzurePolicyExemptions } from './azure-policy-exemptions'
import { parsePages } from './exemption-pages'
import { ExemptionTable } from './exemption-table'
import { ListPageLinks } from './list-pages'

export const metadata: Metadata = { title: 'Exemptions' }

const soonDays = 14

const parts = [
  { id: 'requested', title: 'Waiting for approval' },
  { id: 'in-force', title: 'In force' },
  { id: 'past', title: 'Past' },
] as const

export default async function ExemptionsPage({ searchParams }: PageProps<'/exemptions'>) {
  const { person, viewer } = await requireViewer()
  const db = getDatabase()
  const now = new Date()
  const pages = parsePages(await searchParams)
  const [lists, exempted, azurePolicy, ending, { exemptionApprover }, known] = await Promise.all([
    Promise.all(parts.map(async (part) => ({ ...part, ...(await listExemptions(db, viewer, part.id, pages[part.id], now)) }))),
    loadExempted(), getPolicyExemptions(db, viewer, pages['not-taken-over']), expiringExemptions(db, viewer, soonDays, now),
    effectivePolicy(db, viewer.estateId, webConfig().policyPath), knownSubscriptions(db, viewer.estateId),
  ])
  const seen = known.filter(({ subscriptionId }) => viewer.subscriptions === 'all' || viewer.subscriptions.includes(subscriptionId))
  const names = new Map(seen.map(({ subscriptionId, displayName }) => [subscriptionId.toLowerCase(), displayName]))
  const shown = lists.filter((list) => list.total > 0)
  const soon = new Set(ending.map((row) => row.source?.id ?? row.id)).size
  const mayAsk = hasRole(person, 'Keypoint.Operator')
  const rights = { mayAsk, mayApprove: hasRole(person, 'Keypoint.Admin'), byAnother: exemptionApprover === 'another-person', person }
  const gaps = Object.values(exempted).reduce((sum, count) => sum + count, 0)
  return (
    <>
      <PageHeader
        title="Exemptions" lead={`${formatCounted(gaps, 'gap')} exempt now. An exemption marks gaps for a time; they stay gaps and count in the score.`}
        actions={mayAsk && <Link href="/exemptions/new" className={buttonClass('primary')}>New exemption</Link>}
      />
      <div className="space-y-6">
        {soon > 0 && <Notice kind="warning" title={`${formatCounted(soon, 'exemption')} in force ${soon === 1 ? 'ends' : 'end'} within ${soonDays} days`} />}
        {shown.length === 0 && (
          <EmptyState title="No exemption yet">
            {mayAsk ? 'Ask for one on a gap of a resource, or here for a group, a subscription or the whole tenant. An Admin approves it.' : 'Asking for one needs the role Keypoint.Operator.'}
          </EmptyState>
        )}
        {shown.map(({ id, title, groups, total, page }) => (
          <Card key={id} id={id} title={title}>
            <ExemptionTable caption={title} rows={groups} names={names} rights={rights} now={now} />
            <ListPageLinks label={title} list={id} pages={pages} total={total} page={page} pageSize={exemptionPageRows} />
          </Card>
        ))}
        <Card id="azure-policy" title="From Azure Policy"><AzurePolicyExemptions state={azurePolicy} pages={pages} /></Card>
      </div>
    </>
  )
}
