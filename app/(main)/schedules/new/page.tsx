import type { Metadata } from 'next'
import { PageHeader } from '@/components/ui/page-header'
import { requireViewer } from '@/lib/auth/require-viewer'
import { getDatabase, listSubscriptionNames } from '@/lib/db'
import { defaultCron, localTimeZone } from '@/lib/domain/schedule'
import { saveScheduleForm } from '../actions'
import { ScheduleForm } from '../schedule-form'
import { timeZones } from '../../time-zones'

export const metadata: Metadata = { title: 'New schedule' }

export default async function NewSchedulePage() {
  const { viewer } = await requireViewer('Keypoint.Operator')
  const values = { name: 'Nightly', cron: defaultCron, timeZone: localTimeZone(), mode: 'full', what: 'everything', subscriptions: [], managementGroup: '' }
  return (
    <>
      <PageHeader title="New schedule" crumbs={[{ href: '/schedules', label: 'Schedules' }]} />
      <ScheduleForm values={values} subscriptions={await listSubscriptionNames(getDatabase(), viewer)} timeZones={timeZones()} action={saveScheduleForm} />
    </>
  )
}
