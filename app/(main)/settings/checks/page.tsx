import type { Metadata } from 'next'
import { Card } from '@/components/ui/card'
import { PageHeader } from '@/components/ui/page-header'
import { checks } from '@/lib/checks'
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
  const cards = keyPoints.flatMap((keyPoint) => {
    const own = checks.filter((check) => check.keyPoint === keyPoint.slug)
    return own.length === 0 ? [] : [
      <Card key={keyPoint.slug} id={keyPoint.slug} title={keyPoint.title}><CheckSettings keyPoint={keyPoint.title} checks={own} policy={policy} editable={isAdmin} /></Card>,
    ]
  })
  cards.push(<Card key="alternatives" id="alternatives" title="Accepted alternatives"><Alternatives accepted={policy.acceptedAlternatives} editable={isAdmin} /></Card>)
  return (
    <>
      <PageHeader title="Checks" crumbs={[{ href: '/settings', label: 'Settings' }]} lead="Which checks are asked, how severe a fail is, and what else counts as a pass. Optional checks are off until they are switched on." />
      <SettingsTabs current="/settings/checks" />
      {isAdmin ? <ChecksForm version={policy.version} action={saveChecks}>{cards}</ChecksForm> : (
        <div className="space-y-6">
          <p className="text-sm text-muted">People with the role Keypoint.Admin can change this.</p>
          {cards}
        </div>
      )}
    </>
  )
}
