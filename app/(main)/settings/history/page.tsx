import type { Metadata } from 'next'
import { formatBytes, formatCount, formatCounted, formatDay, formatUtc } from '@/components/format'
import { Card } from '@/components/ui/card'
import { DefinitionList } from '@/components/ui/definition-list'
import { PageHeader } from '@/components/ui/page-header'
import { hasRole } from '@/lib/auth/person'
import { requireViewer } from '@/lib/auth/require-viewer'
import { getDatabase, getHistoryKept, historyDaysMax, historyDaysMin } from '@/lib/db'
import { SettingsTabs } from '../settings-tabs'
import { saveHistoryDays } from './actions'
import { HistoryForm } from './history-form'

export const metadata: Metadata = { title: 'History · Settings' }

export default async function HistorySettingsPage() {
  const { person, viewer } = await requireViewer()
  const kept = await getHistoryKept(getDatabase(), viewer)
  return (
    <>
      <PageHeader
        title="History" crumbs={[{ href: '/settings', label: 'Settings' }]}
        lead="Scans are kept with all of their findings for a time; of older ones the last of each month and scope keeps its figures for the trends. What is open stays, with since when."
      />
      <SettingsTabs current="/settings/history" />
      <Card title="What is kept" id="kept">
        <div className="space-y-5">
          <DefinitionList
            items={[
              { term: 'Kept in full', value: `${formatCount(kept.days)} days${kept.setBy === null ? '' : `, set by ${kept.setBy.username} on ${formatDay(kept.setBy.at)}`}` },
              { term: 'Scans', value: formatCount(kept.scans) },
              { term: 'Oldest in full', value: kept.oldestAt === null ? 'No scan yet' : formatDay(kept.oldestAt) },
              { term: 'Database now', value: formatBytes(kept.databaseBytes) },
              { term: 'Growth', value: kept.growth === null ? 'Known once scans of two days have ended' : `${formatBytes(kept.growth.bytesPerScan)} with each scan, over the last ${formatCounted(kept.growth.scans, 'scan')}` },
              ...(kept.predicted === null ? [] : [{ term: `In ${kept.predicted.days} days`, value: `About ${formatBytes(kept.predicted.bytes)}, if scans go on like that and history is kept for ${formatCount(kept.days)} days` }]),
              { term: 'Last pruned', value: kept.prunedAt === null ? 'Not yet; a worker does it once a day' : formatUtc(kept.prunedAt) },
            ]}
          />
          {hasRole(person, 'Keypoint.Admin')
            ? <HistoryForm days={kept.days} min={historyDaysMin} max={historyDaysMax} action={saveHistoryDays} />
            : <p className="text-sm text-muted">People with the role Keypoint.Admin can change it.</p>}
        </div>
      </Card>
    </>
  )
}
