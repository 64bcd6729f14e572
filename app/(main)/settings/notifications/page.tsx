import type { Metadata } from 'next'
import Link from 'next/link'
import { buttonClass } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { EmptyState } from '@/components/ui/empty-state'
import { Notice } from '@/components/ui/notice'
import { PageHeader } from '@/components/ui/page-header'
import { hasRole } from '@/lib/auth/person'
import { requireViewer } from '@/lib/auth/require-viewer'
import { webConfig } from '@/lib/auth/web-settings'
import { getDatabase, listChannels, listDeliveries } from '@/lib/db'
import { credentialStates } from '@/lib/notify/credentials'
import { credentialSettings } from '@/lib/notify/settings'
import { SettingsTabs } from '../settings-tabs'
import { ChannelCard } from './channel-card'
import { CredentialList } from './credential-list'
import { DeliveryTable } from './delivery-table'

export const metadata: Metadata = { title: 'Notifications · Settings' }

const deliveriesShown = 50

export default async function NotificationsPage() {
  const { person, viewer } = await requireViewer()
  const db = getDatabase()
  const config = webConfig()
  const settings = credentialSettings(config)
  const [channels, deliveries, credentials] = await Promise.all([listChannels(db, viewer), listDeliveries(db, viewer, deliveriesShown), credentialStates(db, viewer, settings)])
  const mayChange = hasRole(person, 'Keypoint.Admin')
  const now = new Date()
  return (
    <>
      <PageHeader
        title="Notifications" crumbs={[{ href: '/settings', label: 'Settings' }]}
        lead="A worker tells these channels of what changed in a scan, of trouble with scanning itself, and of what ends soon. What stays as it is sends nothing."
        actions={mayChange && <Link href="/settings/notifications/new" className={buttonClass('primary')}>New channel</Link>}
      />
      <SettingsTabs current="/settings/notifications" />
      <div className="space-y-6">
        {config.mail === null && channels.some(({ kind }) => kind === 'email') && (
          <Notice kind="warning" title="No mail server is configured">
            <p>Set <code>KEYPOINT_SMTP_URL</code> and <code>KEYPOINT_MAIL_FROM</code> for the web app and for each worker; until then mails are not delivered.</p>
          </Notice>
        )}
        <section aria-labelledby="channels-heading" className="space-y-3">
          <h2 id="channels-heading" className="text-lg font-semibold">Channels</h2>
          {channels.length === 0 && (
            <EmptyState title="No channel yet">{mayChange ? 'Make one for a webhook, Teams, Slack or e-mail, and send it a test.' : 'Making one needs the role Keypoint.Admin; ask whoever administers Keypoint.'}</EmptyState>
          )}
          {channels.map((channel) => <ChannelCard key={channel.id} channel={channel} mayChange={mayChange} />)}
        </section>
        <Card title="Credentials" id="credentials">
          <CredentialList credentials={credentials} lasting={settings.scanning.kind === 'lasting' ? settings.scanning.how : null} mayChange={mayChange} now={now} />
        </Card>
        <Card title="The last messages" id="messages">
          {deliveries.length === 0 ? <p className="text-sm text-muted">Nothing was sent yet.</p> : <DeliveryTable deliveries={deliveries} now={now} />}
        </Card>
      </div>
    </>
  )
}
