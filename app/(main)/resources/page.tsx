import type { Metadata } from 'next'
import { NuqsAdapter } from 'nuqs/adapters/next/app'
import { Suspense } from 'react'
import { Notice } from '@/components/ui/notice'
import { PageHeader } from '@/components/ui/page-header'
import { TableSkeleton } from '@/components/ui/skeleton'
import { requireViewer } from '@/lib/auth/require-viewer'
import { checks } from '@/lib/checks'
import { getDatabase, listResources, resourceFacets, scanningState } from '@/lib/db'
import type { Viewer } from '@/lib/domain/viewer'
import type { ResourceQuery } from '@/lib/domain/views'
import { describeFilters, filterOptions } from './filter-options'
import { ResourceBrowser } from './resource-browser'
import { ignoredParams, loadResourceParams, toResourceQuery } from './search-params'

interface Props {
  searchParams: Promise<Record<string, string | string[] | undefined>>
}

export async function generateMetadata({ searchParams }: Props): Promise<Metadata> {
  const filters = describeFilters(loadResourceParams(await searchParams))
  return { title: filters === '' ? 'Resources' : `${filters} · Resources` }
}

export default async function ResourcesPage({ searchParams }: Props) {
  const { viewer } = await requireViewer()
  const raw = await searchParams
  const params = loadResourceParams(raw)
  const ignored = ignoredParams(raw, params)
  return (
    <>
      <PageHeader title="Resources" lead="Everything that is scored: resources with their services and databases, subscriptions, management groups and the tenant." />
      {ignored.length > 0 && <Notice className="mb-4" title="Some of the address was ignored">It has no meaning here: <code className="wrap-anywhere">{ignored.join(' · ')}</code></Notice>}
      <Suspense fallback={<TableSkeleton label="Loading resources" />}>
        <NuqsAdapter><Results viewer={viewer} query={toResourceQuery(params)} /></NuqsAdapter>
      </Suspense>
    </>
  )
}

async function Results({ viewer, query }: { viewer: Viewer; query: ResourceQuery }) {
  const db = getDatabase()
  const [result, facets, scans] = await Promise.all([listResources(db, viewer, query), resourceFacets(db, viewer), scanningState(db, viewer)])
  return <ResourceBrowser result={result} options={filterOptions(facets, checks.map(({ id, title }) => ({ id, title })))} scanned={scans.lastEnded !== null} scanning={scans.running} />
}
