import Link from 'next/link'
import { formatIn, formatRelative } from '@/components/format'
import { scanHref, scheduleHref } from '@/components/links'
import { Badge } from '@/components/ui/badge'
import { buttonClass } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { CommandButton } from '@/components/ui/command-button'
import { DefinitionList } from '@/components/ui/definition-list'
import { Time } from '@/components/ui/time'
import { modeWords, scanStatusWords } from '@/components/vocabulary'
import type { ScanScope } from '@/lib/domain/scan'
import { nextRuns, type ScheduleRow } from '@/lib/domain/schedule'
import { pauseSchedule, removeScheduleById, runScheduleNow } from './actions'

interface ScheduleCardProps {
  schedule: ScheduleRow
  subscriptions: { subscriptionId: string; displayName: string }[]
  mayChange: boolean
  now: Date
}

const runsShown = 5

export function ScheduleCard({ schedule, subscriptions, mayChange, now }: ScheduleCardProps) {
  const { id, name, cron, timeZone, scope, mode, enabled, lastScan, createdBy } = schedule
  return (
    <Card
      id={`schedule-${id}`} title={<>{name} {!enabled && <Badge>Paused</Badge>}</>}
      actions={mayChange && (
        <div className="flex flex-wrap gap-2 print:hidden">
          <CommandButton fields={{ id }} label="Run now" about={name} action={runScheduleNow} />
          <CommandButton fields={{ id, value: enabled ? 'pause' : 'resume' }} label={enabled ? 'Pause' : 'Resume'} about={name} action={pauseSchedule} />
          <Link href={scheduleHref(id)} className={buttonClass()}>Edit<span className="sr-only"> {name}</span></Link>
          <CommandButton fields={{ id }} label="Remove" about={name} action={removeScheduleById} confirm="Its scans are kept." />
        </div>
      )}
    >
      <DefinitionList
        items={[
          { term: 'When', value: <><code>{cron}</code> in {timeZone}</> },
          { term: 'What', value: scopeText(scope, subscriptions) },
          { term: 'How', value: modeWords[mode] },
          { term: 'Last run', value: lastScan === null ? 'Not yet' : <><Link href={scanHref(lastScan.scanId)} className="link"><Time iso={lastScan.at} text={formatRelative(lastScan.at, now)} /></Link>, {scanStatusWords[lastScan.status].toLowerCase()}</> },
          { term: `Next ${runsShown} runs`, value: enabled ? <NextRuns schedule={schedule} now={now} /> : 'None while it is paused' },
          { term: 'Made by', value: createdBy },
        ]}
      />
    </Card>
  )
}

function NextRuns({ schedule, now }: { schedule: ScheduleRow; now: Date }) {
  const isDue = Date.parse(schedule.nextRunAt) <= now.getTime()
  return (
    <ol className="tabular-nums">
      {isDue && <li>Due now: it starts when a worker is free and no other scan is going on</li>}
      {nextRuns(schedule, now, runsShown).map((run) => <li key={run.getTime()}>{formatIn(schedule.timeZone, run.toISOString())}</li>)}
    </ol>
  )
}

function scopeText({ subscriptions: ids, managementGroup }: ScanScope, known: ScheduleCardProps['subscriptions']): string {
  if (managementGroup !== undefined) return `Subscriptions under the management group ${managementGroup}`
  if (ids === undefined) return 'Everything that the scanning identity can read'
  return ids.map((id) => known.find((one) => one.subscriptionId === id.toLowerCase())?.displayName ?? id).join(', ')
}
