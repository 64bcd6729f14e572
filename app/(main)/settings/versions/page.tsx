import type { Metadata } from 'next'
import { formatRelative } from '@/components/format'
import { Badge } from '@/components/ui/badge'
import { CodeBlock } from '@/components/ui/code-block'
import { Disclosure } from '@/components/ui/disclosure'
import { EmptyState } from '@/components/ui/empty-state'
import { PageHeader } from '@/components/ui/page-header'
import { Cell, DataTable, HeadCell, RowHead } from '@/components/ui/table'
import { Time } from '@/components/ui/time'
import { getDatabase, listPolicies } from '@/lib/db'
import { defaultPolicy } from '@/lib/domain/policy'
import { policyChanges } from '@/lib/domain/policy-changes'
import { loadPolicy, titleOf } from '../load-policy'
import { SettingsTabs } from '../settings-tabs'

export const metadata: Metadata = { title: 'Versions · Settings' }

export default async function PolicyVersionsPage() {
  const { viewer } = await loadPolicy()
  const versions = await listPolicies(getDatabase(), viewer)
  const now = new Date()
  return (
    <>
      <PageHeader title="Versions of the policy" crumbs={[{ href: '/settings', label: 'Settings' }]} lead="Each save is a version, and each scan names the one that it was judged by." />
      <SettingsTabs current="/settings/versions" />
      {versions.length === 0 ? <EmptyState title="Nothing was saved yet">The defaults are in force: proposed workspaces, 365 days in total and 90 at hand, every check that is not optional.</EmptyState> : (
        <DataTable caption="Versions of the policy, newest first">
          <thead>
            <tr>
              <HeadCell className="w-28">Version</HeadCell>
              <HeadCell className="w-40">Saved</HeadCell>
              <HeadCell className="w-40">By</HeadCell>
              <HeadCell>What changed</HeadCell>
            </tr>
          </thead>
          <tbody>
            {versions.map(({ policy, createdBy, createdAt }, index) => {
              const changes = policyChanges(versions[index + 1]?.policy ?? defaultPolicy, policy, titleOf)
              const { version, ...content } = policy
              return (
                <tr key={version} id={`version-${version}`}>
                  <RowHead>{version} {index === 0 && <Badge>In force</Badge>}</RowHead>
                  <Cell label="Saved"><Time iso={createdAt} text={formatRelative(createdAt, now)} /></Cell>
                  <Cell label="By" className="wrap-anywhere">{createdBy}</Cell>
                  <Cell label="What changed" className="wrap-anywhere">
                    {changes.length === 0 ? <span className="text-muted">Nothing</span> : <ul className="space-y-1">{changes.map((change) => <li key={change}>{change}</li>)}</ul>}
                    <Disclosure summary="The whole policy (JSON)"><CodeBlock text={JSON.stringify(content, null, 2)} label={`version ${version}`} /></Disclosure>
                  </Cell>
                </tr>
              )
            })}
          </tbody>
        </DataTable>
      )}
    </>
  )
}
