import type { Metadata } from 'next'
import Link from 'next/link'
import { formatCounted } from '@/components/format'
import { resourcesHref } from '@/components/links'
import { Badge } from '@/components/ui/badge'
import { EmptyState } from '@/components/ui/empty-state'
import { PageHeader } from '@/components/ui/page-header'
import { Cell, DataTable, HeadCell, RowHead } from '@/components/ui/table'
import { loadCatalog } from '@/lib/catalog'
import { catalogDifferences, type CatalogDifference } from '@/lib/catalog/differences'
import { getDatabase, loadFactsBySource } from '@/lib/db'
import { factValue } from '@/lib/domain/fact'
import { loadPolicy } from '../load-policy'
import { SettingsTabs } from '../settings-tabs'

export const metadata: Metadata = { title: 'Catalogue · Settings' }

/** Where Azure's live lists of log categories and the catalogue that the product brings differ. */
export default async function CataloguePage() {
  const { viewer } = await loadPolicy()
  const facts = await loadFactsBySource(getDatabase(), viewer.estateId, 'log-categories')
  const lists = facts.flatMap((fact) => factValue(fact, 'log-categories') ?? [])
  const differences = catalogDifferences(lists, loadCatalog())
  return (
    <>
      <PageHeader
        title="Catalogue of log categories" crumbs={[{ href: '/settings', label: 'Settings' }]}
        lead="Each scan asks Azure for the log categories of every type and region that it meets. Where that answer and the catalogue that Keypoint brings differ, Azure’s answer decides; the differences are listed here."
      />
      <SettingsTabs current="/settings/catalogue" />
      {differences.length === 0 ? (
        <EmptyState title={lists.length === 0 ? 'Nothing was asked yet' : 'No differences'}>{lists.length === 0 ? 'Run a scan first.' : `${formatCounted(lists.length, 'live list')} and the catalogue say the same.`}</EmptyState>
      ) : (
        <>
          <p className="mb-3 text-sm text-muted">{formatCounted(differences.length, 'difference')} in {formatCounted(lists.length, 'live list')}.</p>
          <DataTable caption="Differences between Azure’s live lists and the catalogue">
            <thead>
              <tr>
                <HeadCell>Type</HeadCell>
                <HeadCell className="w-56">Regions</HeadCell>
                <HeadCell>Azure says otherwise</HeadCell>
              </tr>
            </thead>
            <tbody>{differences.map((one) => <DifferenceRow key={`${one.type} ${one.places.join()}`} difference={one} />)}</tbody>
          </DataTable>
        </>
      )}
    </>
  )
}

function DifferenceRow({ difference: { type, places, unknownType, added, gone, audit, groups } }: { difference: CatalogDifference }) {
  return (
    <tr>
      <RowHead className="wrap-anywhere"><Link href={resourcesHref({ types: [type] })} prefetch={false} className="link inline-block py-0.5">{type}</Link> {unknownType && <Badge>Not in the catalogue</Badge>}</RowHead>
      <Cell label="Regions">{places.join(', ')}</Cell>
      <Cell label="Azure says otherwise" className="wrap-anywhere">
        <ul className="space-y-1">
          {added.length > 0 && <li>{unknownType ? 'Categories' : 'More categories'}: {added.join(', ')}</li>}
          {gone.length > 0 && <li>Not offered: {gone.join(', ')}</li>}
          {audit.map(({ category, live }) => <li key={category}>{category} is {live ? '' : 'not '}in the group audit</li>)}
          {groups.map(({ group, live }) => <li key={group}>{live ? 'Has' : 'Has no'} group {group}</li>)}
        </ul>
      </Cell>
    </tr>
  )
}
