import { formatCount } from '@/components/format'
import { Cell, HeadCell } from '@/components/ui/table'
import type { ReachCounts } from '@/lib/domain/log-reach'

const columns: { key: Exclude<keyof ReachCounts, 'subjects'>; label: string; tip: string; loss?: boolean }[] = [
  { key: 'central', label: 'Central workspace', tip: 'A workspace that the policy approves, or that the scan proposes' },
  { key: 'sentinel', label: 'Sentinel', tip: 'A workspace that is onboarded to Microsoft Sentinel' },
  { key: 'workspace', label: 'Other workspace', tip: 'A Log Analytics workspace that is not central' },
  { key: 'eventHub', label: 'Event hub', tip: 'Splunk, QRadar, ArcSight and other tools read from event hubs' },
  { key: 'partner', label: 'Partner', tip: 'A partner solution such as Datadog or Elastic' },
  { key: 'onlyStorage', label: 'Only storage', tip: 'Kept, but no tool can search it', loss: true },
  { key: 'partly', label: 'In parts', tip: 'Some required categories arrive somewhere, but no one place has them all', loss: true },
  { key: 'nowhere', label: 'Nowhere', tip: 'Nothing of what is required arrives', loss: true },
  { key: 'unseen', label: 'Out of sight', tip: 'A destination that could not be read' },
  { key: 'untold', label: 'Not told', tip: 'A destination that exists, of which it is not told whether it takes and keeps the log' },
  { key: 'unread', label: 'Not read', tip: 'The settings could not be read' },
]

/** The longest word may break, so that all columns fit beside the navigation. */
export function ReachHeadCells() {
  return columns.map(({ key, label, tip }) => <HeadCell key={key} numeric title={tip}>{label.replace('workspace', 'work\u00adspace')}</HeadCell>)
}

/** Numbers of subjects; zeros stay quiet, and on cards away. */
export function ReachCells({ counts }: { counts: ReachCounts }) {
  return columns.map(({ key, label, loss }) => (
    <Cell key={key} numeric label={label} className={counts[key] === 0 ? 'card-omits text-muted' : loss ? 'font-semibold text-fail' : undefined}>{formatCount(counts[key])}</Cell>
  ))
}
