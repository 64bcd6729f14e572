import type { Metadata } from 'next'
import { formatCounted } from '@/components/format'
import { Card } from '@/components/ui/card'
import { JumpLinks } from '@/components/ui/jump-links'
import { PageHeader } from '@/components/ui/page-header'
import { checks, isEnabled } from '@/lib/checks'
import { keyPoints } from '@/lib/domain/key-point'
import { loadPolicy } from '../load-policy'
import { SettingsTabs } from '../settings-tabs'
import { saveChecks } from './actions'
import { Alternatives } from './alternatives'
import { CheckSettings } from './check-settings'
import { ChecksForm } from './checks-form'

export const metadata: Metadata = { title: 'Checks · Settings' }

export default async function CheckSettingsPage() {
  const { policy, isAdmin } = await loadPolicy()
  const parts = keyPoints.map(({ slug, title }) => ({ id: slug, title, own: checks.filter((check) => check.keyPoint === slug) })).filter(({ own }) => own.length > 0)
  const cards = [
    ...parts.map(({ id, title, own }) => <Card key={id} id={id} title={title}><CheckSettings keyPoint={title} checks={own} policy={policy} editable={isAdmin} /></Card>),
    <Card key="alternatives" id="alternatives" title="Accepted alternatives"><Alternatives accepted={policy.acceptedAlternatives} editable={isAdmin} /></Card>,
  ]
  const jumps = [
    ...parts.map(({ id, title, own }) => ({ id, title, note: `${own.filter((check) => isEnabled(check, policy)).length} of ${formatCounted(own.length, 'check')} asked` })),
    { id: 'alternatives', title: 'Accepted alternatives' },
  ]
  return (
    <>
      <PageHeader title="Checks" crumbs={[{ href: '/settings', label: 'Settings' }]} lead="Which checks are asked, how severe a fail is, and what else counts as a pass. Optional checks are off until they are switched on." />
      <SettingsTabs current="/settings/checks" />
      <JumpLinks links={jumps} />
      {isAdmin ? <ChecksForm version={policy.version} action={saveChecks}>{cards}</ChecksForm> : (
        <div className="space-y-6">
          <p className="text-sm text-muted">People with the role Keypoint.Admin can change this.</p>
          {cards}
        </div>
      )}
    </>
  )
}
