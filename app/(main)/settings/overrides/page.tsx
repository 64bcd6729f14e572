import type { Metadata } from 'next'
import Link from 'next/link'
import { formatCounted } from '@/components/format'
import { buttonClass } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { EmptyState } from '@/components/ui/empty-state'
import { Notice } from '@/components/ui/notice'
import { PageHeader } from '@/components/ui/page-header'
import { alternatives } from '@/lib/checks'
import { getDatabase, knownSubscriptions, managementGroupsOfSubscriptions } from '@/lib/db'
import { overrideInWords, scopeInWords } from '@/lib/domain/policy-changes'
import { loadPolicy, titleOf } from '../load-policy'
import { categoriesText } from '../policy-fields'
import { SettingsTabs } from '../settings-tabs'
import { changeOverrides, saveOverride } from './actions'
import { OverrideChecks } from './override-checks'
import { OverrideForm } from './override-form'
import { OverrideList } from './override-list'

export const metadata: Metadata = { title: 'Overrides · Settings' }

interface Props {
  searchParams: Promise<{ edit?: string | string[] }>
}

export default async function OverridesPage({ searchParams }: Props) {
  const { policy, viewer, isAdmin } = await loadPolicy()
  const { edit } = await searchParams
  const db = getDatabase()
  const [known, groups] = await Promise.all([knownSubscriptions(db, viewer.estateId), managementGroupsOfSubscriptions(db, viewer.estateId)])
  const subscriptions = known.filter(({ subscriptionId }) => viewer.subscriptions === 'all' || viewer.subscriptions.includes(subscriptionId))
  const names = new Map(subscriptions.map(({ subscriptionId, displayName }) => [subscriptionId, displayName]))
  const untold = [...groups.values()].filter((chain) => chain === null).length
  const place = typeof edit === 'string' && /^\d+$/.test(edit) && policy.overrides[Number(edit) - 1] !== undefined ? Number(edit) - 1 : null
  const editing = isAdmin && (place !== null || edit === 'new')
  const override = place === null ? null : (policy.overrides[place] ?? null)
  const rows = policy.overrides.map((one) => ({
    scope: one.scope.kind === 'subscription' ? `subscription ${names.get(one.scope.subscriptionId.toLowerCase()) ?? one.scope.subscriptionId}` : scopeInWords(one.scope),
    sets: overrideInWords(one, titleOf),
  }))
  return (
    <>
      <PageHeader
        title="Overrides" crumbs={[{ href: '/settings', label: 'Settings' }]}
        lead="What holds for a management group, a subscription or a tag in place of the tenant’s policy. Of two that set the same, the later counts."
        actions={isAdmin && !editing && <Link href="/settings/overrides?edit=new" className={buttonClass('primary')}>Add an override</Link>}
      />
      <SettingsTabs current="/settings/overrides" />
      <div className="space-y-6">
        {untold > 0 && policy.overrides.some(({ scope }) => scope.kind === 'management-group') && (
          <Notice kind="warning" title={`The management groups of ${formatCounted(untold, 'subscription')} are not known`}>
            <p>Resource Graph has not told them yet, so overrides for management groups do not reach these subscriptions. The next scan asks again.</p>
          </Notice>
        )}
        {editing && (
          <Card title={override === null ? 'New override' : `Override for ${scopeInWords(override.scope)}`} id="override">
            <OverrideForm
              key={`${policy.version} ${edit}`} version={policy.version} place={place} override={override} subscriptions={subscriptions} alternatives={alternatives.map(({ id, title }) => ({ id, title }))}
              managementGroups={[...new Set([...groups.values()].flatMap((chain) => chain ?? []))].sort()}
              categories={categoriesText(override?.rules.requiredCategories ?? {})} action={saveOverride}
            >
              <OverrideChecks rules={override?.rules ?? {}} />
            </OverrideForm>
          </Card>
        )}
        {rows.length > 0 ? <OverrideList rows={rows} version={policy.version} action={isAdmin ? changeOverrides : null} /> : !editing && (
          <EmptyState title="No overrides">The tenant’s policy holds everywhere.</EmptyState>
        )}
      </div>
    </>
  )
}
