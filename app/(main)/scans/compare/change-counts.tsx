import { compareHref } from '@/components/links'
import { Card } from '@/components/ui/card'
import { CountLink } from '@/components/ui/count-link'
import { Cell, DataTable, HeadCell, RowHead } from '@/components/ui/table'
import { changeWords } from '@/components/vocabulary'
import { changeKinds, type ChangeCount } from '@/lib/domain/diff'
import { keyPointSlugs, keyPointTitle, type KeyPoint } from '@/lib/domain/key-point'

interface ChangeCountsProps {
  counts: ChangeCount[]
  ids: { from: string; to: string; of: 'all-known' | null }
}

interface Group {
  key: string
  label: string
  filter: { keyPoints?: KeyPoint[]; subscriptions?: string[] } | null
  rows: ChangeCount[]
}

/** The changes counted by key point and by subscription; each count leads to its rows. */
export function ChangeCounts({ counts, ids }: ChangeCountsProps) {
  const byKeyPoint = keyPointSlugs
    .map((slug): Group => ({ key: slug, label: keyPointTitle(slug), filter: { keyPoints: [slug] }, rows: counts.filter((row) => row.keyPoint === slug) }))
    .filter((group) => group.rows.length > 0)
  const bySubscription = [...Map.groupBy(counts, (row) => row.subscriptionId)].map(([id, rows]): Group => ({
    key: id ?? '', label: id === null ? 'Tenant and management groups' : (rows[0]?.subscriptionName ?? id), filter: id === null ? null : { subscriptions: [id] }, rows,
  }))
  const total: Group = { key: 'all', label: 'All', filter: {}, rows: counts }
  return (
    <>
      <Card title="By key point" id="by-key-point"><CountTable caption="Changes by key point" head="Key point" groups={[...byKeyPoint, total]} ids={ids} /></Card>
      {bySubscription.length > 1 && <Card title="By subscription" id="by-subscription"><CountTable caption="Changes by subscription" head="Subscription" groups={bySubscription} ids={ids} /></Card>}
    </>
  )
}

function CountTable({ caption, head, groups, ids }: { caption: string; head: string; groups: Group[]; ids: ChangeCountsProps['ids'] }) {
  return (
    <DataTable caption={caption}>
      <thead>
        <tr>
          <HeadCell>{head}</HeadCell>
          {changeKinds.map((kind) => <HeadCell key={kind} numeric>{changeWords[kind]}</HeadCell>)}
        </tr>
      </thead>
      <tbody>
        {groups.map((group) => (
          <tr key={group.key}>
            <RowHead className="wrap-anywhere sm:min-w-32">{group.label}</RowHead>
            {changeKinds.map((kind) => {
              const count = group.rows.filter((row) => row.kind === kind).reduce((sum, row) => sum + row.count, 0)
              return (
                <Cell key={kind} numeric label={changeWords[kind]} className={count === 0 ? 'card-omits' : undefined}>
                  {group.filter === null ? count : <CountLink count={count} label={`${changeWords[kind].toLowerCase()}, ${group.label}`} href={`${compareHref(ids, { kinds: [kind], ...group.filter })}#changes`} />}
                </Cell>
              )
            })}
          </tr>
        ))}
      </tbody>
    </DataTable>
  )
}
