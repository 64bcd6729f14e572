import type { Metadata } from 'next'
import { PageHeader } from '@/components/ui/page-header'
import { requireViewer } from '@/lib/auth/require-viewer'
import { getDatabase, getSchedule, listDeletedSubscriptions, listSubscriptionNames } from '@/lib/db'
import type { ScheduleRow } from '@/lib/domain/schedule'
import type { Viewer } from '@/lib/domain/viewer'
import { foundOrNotFound } from '../../found-or-not-found'
import { saveScheduleForm } from '../actions'
import { ScheduleForm, type SentSchedule } from '../schedule-form'
import { asDeleted, type SubscriptionName } from '../subscription-name'
import { timeZones } from '../../time-zones'

export const metadata: Metadata = { title: 'Edit schedule' }

export default async function EditSchedulePage({ params }: { params: Promise<{ id: string }> }) {
  const { viewer } = await requireViewer('Keypoint.Operator')
  const db = getDatabase()
  const { id } = await params
  const schedule = await foundOrNotFound(() => getSchedule(db, viewer, id))
  return (
    <>
      <PageHeader title={schedule.name} crumbs={[{ href: '/schedules', label: 'Schedules' }]} />
      <ScheduleForm id={schedule.id} values={toFields(schedule)} subscriptions={await offeredSubscriptions(viewer, schedule)} timeZones={timeZones()} action={saveScheduleForm} />
    </>
  )
}

/** Those that can be scanned, and of the deleted ones those that the schedule names, so that saving it takes none away unasked. */
async function offeredSubscriptions(viewer: Viewer, { scope }: ScheduleRow): Promise<SubscriptionName[]> {
  const db = getDatabase()
  const named = new Set(scope.subscriptions?.map((id) => id.toLowerCase()))
  const [present, deleted] = await Promise.all([listSubscriptionNames(db, viewer), listDeletedSubscriptions(db, viewer)])
  return [...deleted.filter(({ subscriptionId }) => named.has(subscriptionId)).map(asDeleted), ...present]
}

function toFields({ name, cron, timeZone, mode, scope }: ScheduleRow): SentSchedule {
  const what = scope.managementGroup !== undefined ? 'managementGroup' : scope.subscriptions !== undefined ? 'subscriptions' : 'everything'
  return { name, cron, timeZone, mode, what, subscriptions: (scope.subscriptions ?? []).map((id) => id.toLowerCase()), managementGroup: scope.managementGroup ?? '' }
}
