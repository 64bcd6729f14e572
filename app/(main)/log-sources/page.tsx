import type { Metadata } from 'next'
import Link from 'next/link'
import { formatCount, formatCounted } from '@/components/format'
import { resourcesHref } from '@/components/links'
import { Breakable } from '@/components/ui/breakable'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { EmptyState } from '@/components/ui/empty-state'
import { inputClass } from '@/components/ui/field'
import { PageHeader } from '@/components/ui/page-header'
import { Cell, DataTable, HeadCell, RowHead } from '@/components/ui/table'
import { requireViewer } from '@/lib/auth/require-viewer'
import { getDatabase, lastCheckCounts, listLogReach } from '@/lib/db'
import { countReach, type LogReachRow } from '@/lib/domain/log-reach'
import { NamedSourceTable } from './named-source-table'
import { ReachCells, ReachHeadCells } from './reach-cells'
import { isResourceType, sourceInWords } from './source-words'

export const metadata: Metadata = { title: 'Log sources' }

interface Props {
  searchParams: Promise<{ subscription?: string | string[]; source?: string | string[] }>
}

const one = (value: string | string[] | undefined): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)

function sourceHref(source: string, subscription: string | undefined): string {
  return `/log-sources?${new URLSearchParams({ ...(subscription !== undefined && { subscription }), source }).toString().replaceAll('%2F', '/')}#categories`
}

/** Where each log source arrives: what a security information system can see of the tenant. */
export default async function LogSourcesPage({ searchParams }: Props) {
  const { viewer } = await requireViewer()
  const params = await searchParams
  const [subscription, source] = [one(params.subscription), one(params.source)]
  const db = getDatabase()
  const [rows, last] = await Promise.all([listLogReach(db, viewer, subscription), lastCheckCounts(db, viewer)])
  const subscriptions = (last?.subscriptions ?? []).toSorted((a, b) => a.displayName.localeCompare(b.displayName, 'en'))
  const name = subscriptions.find((candidate) => candidate.subscriptionId === subscription)?.displayName
  const whole = rows.filter((row) => row.category === '')
  const bySource = [...Map.groupBy(whole, (row) => row.source)].map(([key, group]) => ({ key, counts: countReach(group) }))
    .toSorted((a, b) => Number(isResourceType(a.key)) - Number(isResourceType(b.key)) || b.counts.nowhere + b.counts.onlyStorage + b.counts.partly - (a.counts.nowhere + a.counts.onlyStorage + a.counts.partly) || (a.key < b.key ? -1 : 1))
  return (
    <>
      <PageHeader
        title="Log sources"
        lead="Where the logs that each source must keep arrive: in the central workspace, in Sentinel, in an event hub that Splunk, QRadar, ArcSight and others read from, or only in storage. A source counts for a place when all that it must log arrives there."
      />
      <div className="space-y-6">
        <form method="get" className="flex flex-wrap items-end gap-2 print:hidden">
          <label className="text-sm font-medium">Subscription
            <select name="subscription" defaultValue={subscription ?? ''} className={`${inputClass} mt-1 max-w-80`}>
              <option value="">All, and the tenant’s own logs</option>
              {subscriptions.map((row) => <option key={row.subscriptionId} value={row.subscriptionId}>{row.displayName}</option>)}
            </select>
          </label>
          <Button type="submit">Show</Button>
        </form>
        {bySource.length === 0 ? <EmptyState title="No log sources yet">{last === null ? 'Run a scan first.' : 'Nothing here has logs that must be kept, or it was last judged before this page existed: judge again in the settings.'}</EmptyState> : (
          <Card title={`${formatCounted(bySource.length, 'log source')}${name === undefined ? '' : ` of ${name}`}`} id="sources">
            <DataTable caption="Log sources and where they arrive">
              <thead>
                <tr>
                  <HeadCell>Source</HeadCell>
                  <HeadCell numeric>Count</HeadCell>
                  <ReachHeadCells />
                </tr>
              </thead>
              <tbody>
                {bySource.map(({ key, counts }) => (
                  <tr key={key}>
                    <RowHead className="min-w-44"><Link href={sourceHref(key, subscription)} className="link inline-block py-0.5"><Breakable text={sourceInWords(key)} /></Link></RowHead>
                    <Cell numeric label="Count">{isResourceType(key) ? <Link href={resourcesHref({ types: [key], ...(subscription !== undefined && { subscriptions: [subscription] }) })} prefetch={false} className="link">{formatCount(counts.subjects)}</Link> : formatCount(counts.subjects)}</Cell>
                    <ReachCells counts={counts} />
                  </tr>
                ))}
              </tbody>
            </DataTable>
          </Card>
        )}
        {source !== undefined && <Categories source={source} rows={rows} />}
        <Card title="What Microsoft’s guide names" id="named"><NamedSourceTable rows={rows} checks={last?.checks ?? []} /></Card>
      </div>
    </>
  )
}

/** One source's log categories, required or not. */
function Categories({ source, rows }: { source: string; rows: readonly LogReachRow[] }) {
  const byCategory = [...Map.groupBy(rows.filter((row) => row.source === source && row.category !== ''), (row) => row.category)]
  return (
    <Card title={`Categories of ${sourceInWords(source)}`} id="categories">
      {byCategory.length === 0 ? <p className="text-sm text-muted">No category of this source is known here.</p> : (
        <DataTable caption={`Log categories of ${sourceInWords(source)} and where they arrive`}>
          <thead>
            <tr>
              <HeadCell>Category</HeadCell>
              <HeadCell numeric>Count</HeadCell>
              <ReachHeadCells />
            </tr>
          </thead>
          <tbody>
            {byCategory.map(([category, group]) => {
              const counts = countReach(group)
              return (
                <tr key={category}>
                  <RowHead className="min-w-44"><Breakable text={category} /></RowHead>
                  <Cell numeric label="Count">{formatCount(counts.subjects)}</Cell>
                  <ReachCells counts={counts} />
                </tr>
              )
            })}
          </tbody>
        </DataTable>
      )}
    </Card>
  )
}
