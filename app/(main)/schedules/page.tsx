import type { Metadata } from 'next'
import Link from 'next/link'
import { formatCounted } from '@/components/format'
import { buttonClass } from '@/components/ui/button'
import { EmptyState } from '@/components/ui/empty-state'
import { Notice } from '@/components/ui/notice'
import { PageHeader } from '@/components/ui/page-header'
import { hasRole } from '@/lib/auth/person'
import { requireViewer } from '@/lib/auth/require-viewer'
import { webConfig } from '@/lib/auth/web-settings'
import { getDatabase, listDeletedSubscriptions, listSchedules, listSubscriptionNames } from '@/lib/db'
import { ScheduleCard } from './schedule-card'
import { asDeleted } from './subscription-name'

export const metadata: Metadata = { title: 'Schedules' }

export default async function SchedulesPage() {
  const { person, viewer } = await requireViewer()
  const db = getDatabase()
  const [schedules, subscriptions, deleted] = await Promise.all([listSchedules(db, viewer), listSubscriptionNames(db, viewer), listDeletedSubscriptions(db, viewer)])
  const named = [...subscriptions, ...deleted.map(asDeleted)]
  const mayChange = hasRole(person, 'Keypoint.Operator')
  const config = webConfig()
  const now = new Date()
  return (
    <>
      <PageHeader
        title="Schedules" lead={schedules.length === 0 ? undefined : `${formatCounted(schedules.length, 'schedule')}. A worker runs each when its time comes; a run that was missed is made up once.`}
        actions={mayChange && <Link href="/schedules/new" className={buttonClass('primary')}>New schedule</Link>}
      />
      <div className="space-y-6">
        {!config.demo && config.identity === 'none' && (
          <Notice kind="warning" title="There is no scanning identity">
            <p>Nobody is signed in when a schedule runs, so its scans fail until Keypoint has an identity of its own: set <code>AZURE_CLIENT_ID</code> with a secret or certificate, or <code>KEYPOINT_IDENTITY</code>.</p>
          </Notice>
        )}
        {schedules.length === 0 && (
          <EmptyState title="No schedule yet">
            {mayChange ? 'Make one, and the estate is scanned every night; then trends and comparisons tell what changed.' : 'Making one needs the role Keypoint.Operator; ask whoever administers Keypoint.'}
          </EmptyState>
        )}
        {schedules.map((schedule) => <ScheduleCard key={schedule.id} schedule={schedule} subscriptions={named} mayChange={mayChange} now={now} />)}
      </div>
    </>
  )
}
