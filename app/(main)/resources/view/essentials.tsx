import Link from 'next/link'
import { formatCounted, formatRelative, formatUtc } from '@/components/format'
import { resourcesHref } from '@/components/links'
import { CopyButton } from '@/components/ui/copy-button'
import { DefinitionList, type Definition } from '@/components/ui/definition-list'
import { Time } from '@/components/ui/time'
import type { FactRow, ResourceDetail } from '@/lib/domain/views'

/** One scan reads for as long as this; what is further apart was read by different scans. */
const apartMs = 3_600_000

/** What the portal calls Essentials, and when it was read. */
export function Essentials({ resource, now }: { resource: ResourceDetail; now: Date }) {
  const tags = Object.entries(resource.tags)
  const items: Definition[] = [
    { term: 'Type', value: <Link className="link" href={resourcesHref({ types: [resource.type] })}>{resource.type}</Link> },
    ...(resource.kind === null || resource.kind === '' ? [] : [{ term: 'Kind', value: resource.kind }]),
    ...(resource.subscriptionId === null ? [] : [{
      term: 'Subscription',
      value: <><Link className="link" href={resourcesHref({ subscriptions: [resource.subscriptionId] })}>{resource.subscriptionName ?? resource.subscriptionId}</Link> <code className="text-muted">{resource.subscriptionId}</code></>,
    }]),
    ...(resource.resourceGroup === null ? [] : [{ term: 'Resource group', value: resource.resourceGroup }]),
    ...(resource.location === '' ? [] : [{ term: 'Location', value: <Link className="link" href={resourcesHref({ locations: [resource.location] })}>{resource.location}</Link> }]),
    { term: 'Tags', value: tags.length === 0 ? <span className="text-muted">None</span> : <ul>{tags.map(([name, value]) => <li key={name}>{name}: {value}</li>)}</ul> },
    ...(resource.facts.length === 0 ? [] : [{ term: 'Read from Azure', value: <ReadTimes facts={resource.facts} now={now} /> }]),
    { term: 'Id', value: <span className="flex flex-wrap items-center gap-2"><code className="min-w-0 wrap-anywhere">{resource.resourceId}</code><CopyButton text={resource.resourceId} label="Copy the resource id" /></span> },
  ]
  return <DefinitionList items={items} />
}

/** When its sources were read; an incremental scan reads again only what changed, so the oldest may be days older. */
function ReadTimes({ facts, now }: { facts: FactRow[]; now: Date }) {
  const times = facts.map((fact) => fact.readAt).sort()
  const [oldest, newest] = [times[0] ?? '', times.at(-1) ?? '']
  const apart = Date.parse(newest) - Date.parse(oldest) > apartMs
  return (
    <>
      {formatUtc(newest)}, <Time iso={newest} text={formatRelative(newest, now)} exactBeside />{apart && <>; the oldest of it {formatUtc(oldest)}</>}:{' '}
      <a href="#facts" className="link">{formatCounted(facts.length, 'source')}</a>
    </>
  )
}
