import Link from 'next/link'
import { resourcesHref } from '@/components/links'
import { CopyButton } from '@/components/ui/copy-button'
import { DefinitionList, type Definition } from '@/components/ui/definition-list'
import type { ResourceDetail } from '@/lib/domain/views'

/** What the portal calls Essentials. */
export function Essentials({ resource }: { resource: ResourceDetail }) {
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
    { term: 'Id', value: <span className="flex flex-wrap items-center gap-2"><code className="min-w-0 wrap-anywhere">{resource.resourceId}</code><CopyButton text={resource.resourceId} label="Copy the resource id" /></span> },
  ]
  return <DefinitionList items={items} />
}
