import type { Metadata } from 'next'
import { PageHeader } from '@/components/ui/page-header'
import { requireViewer } from '@/lib/auth/require-viewer'
import { getDatabase, getSchedule, listSubscriptionNames } from '@/lib/db'
import type { ScheduleRow } from '@/lib/domain/schedule'
import { foundOrNotFound } from '../../found-or-not-found'
import { saveScheduleForm } from '../actions'
import { ScheduleForm, type SentSchedule } from '../schedule-form'
import { timeZones } from '../time-zones'

export const metadata: Metadata = { title: 'Edit schedule' }

export default async function EditSchedulePage({ params }: { params: Promise<{ id: string }> }) {
  const { viewer } = await requireViewer('Keypoint.Operator')
  const db = getDatabase()
  const { id } = await params
  const schedule = await foundOrNotFound(() => getSchedule(db, viewer, id))
  return (
    <>
      <PageHeader title={schedule.name} crumbs={[{ href: '/schedules', label: 'Schedules' }]} />
      <ScheduleForm id={schedule.id} values={toFields(schedule)} subscriptions={await listSubscriptionNames(db, viewer)} timeZones={timeZones()} action={saveScheduleForm} />
    </>
  )
}

function toFields({ name, cron, timeZone, mode, scope }: ScheduleRow): SentSchedule {
  const what = scope.managementGroup !== undefined ? 'managementGroup' : scope.subscriptions !== undefined ? 'subscriptions' : 'everything'
  return { name, cron, timeZone, mode, what, subscriptions: scope.subscriptions ?? [], managementGroup: scope.managementGroup ?? '' }
}
