import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { cache } from 'react'
import { formatCounted, formatUtc } from '@/components/format'
import { evidenceFileHref, portalHref, resourcesHref } from '@/components/links'
import { buttonClass } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { EmptyState } from '@/components/ui/empty-state'
import { DownloadIcon, ExternalIcon } from '@/components/ui/icons'
import { Notice } from '@/components/ui/notice'
import { PageHeader } from '@/components/ui/page-header'
import { requireViewer } from '@/lib/auth/require-viewer'
import { getDatabase, getResource } from '@/lib/db'
import { DestinationTable } from './destination-table'
import { Essentials } from './essentials'
import { FactsCard } from './facts-card'
import { Findings } from './findings'
import { logDestinations } from './log-destinations'
import { foundOrNotFound } from '../../found-or-not-found'
import { VerdictList } from './verdict-list'

interface Props {
  searchParams: Promise<{ id?: string | string[] }>
}

const idLengthMax = 2_000

const loadResource = cache(async (id: string) => {
  const { viewer } = await requireViewer()
  return foundOrNotFound(() => getResource(getDatabase(), viewer, id))
})

/** The id of the address; what cannot be an ARM id is not found. */
async function resourceId(searchParams: Props['searchParams']): Promise<string> {
  const { id } = await searchParams
  if (typeof id !== 'string' || !id.startsWith('/') || id.length > idLengthMax) notFound()
  return id
}

export async function generateMetadata({ searchParams }: Props): Promise<Metadata> {
  const resource = await loadResource(await resourceId(searchParams))
  const gaps = resource.findings.filter((finding) => finding.verdict === 'fail').length
  return { title: `${formatCounted(gaps, 'gap')} · ${resource.name}` }
}

export default async function ResourcePage({ searchParams }: Props) {
  const { estate } = await requireViewer()
  const resource = await loadResource(await resourceId(searchParams))
  const portal = portalHref(estate.cloud, estate.tenantId, resource.resourceId)
  const destinations = logDestinations(resource.findings)
  return (
    <>
      <PageHeader
        title={resource.name}
        crumbs={[
          { href: '/resources', label: 'Resources' },
          ...(resource.subscriptionId === null ? [] : [{ href: resourcesHref({ subscriptions: [resource.subscriptionId] }), label: resource.subscriptionName ?? resource.subscriptionId }]),
        ]}
        lead={resource.type}
        actions={<>
          <a href={evidenceFileHref(resource.resourceId)} className={buttonClass()}><DownloadIcon /> Evidence (JSON)</a>
          {portal !== null && <a href={portal} rel="noreferrer" className={buttonClass()}>Open in Azure <ExternalIcon /></a>}
        </>}
      />
      <div className="space-y-6">
        {!resource.present && (
          <Notice kind="warning" title="This resource is gone">
            <p>It was last seen on {formatUtc(resource.lastSeen)}. What follows is what was known then; it counts in no score.</p>
          </Notice>
        )}
        <div className="grid gap-6 xl:grid-cols-2">
          <Card title="Essentials" id="essentials"><Essentials resource={resource} now={new Date()} /></Card>
          <Card title="Verdicts" id="verdicts"><VerdictList findings={resource.findings} /></Card>
        </div>
        {destinations.length > 0 && <Card title="Where its logs go" id="destinations"><DestinationTable destinations={destinations} /></Card>}
        {resource.findings.length > 0
          ? <Findings resource={resource} portalHref={portal} />
          : <EmptyState title="Nothing was asked of this resource">No check applies to it, so it has no findings and counts in no score.</EmptyState>}
        <FactsCard facts={resource.facts} />
      </div>
    </>
  )
}
