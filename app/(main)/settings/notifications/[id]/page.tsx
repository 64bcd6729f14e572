import type { Metadata } from 'next'
import { channelsHref } from '@/components/links'
import { Card } from '@/components/ui/card'
import { PageHeader } from '@/components/ui/page-header'
import { requireViewer } from '@/lib/auth/require-viewer'
import { getChannel, getDatabase } from '@/lib/db'
import { foundOrNotFound } from '../../../found-or-not-found'
import { timeZones } from '../../../time-zones'
import { saveChannelForm } from '../actions'
import { ChannelForm } from '../channel-form'
import { SecretForm } from '../secret-form'

export const metadata: Metadata = { title: 'Edit channel · Settings' }

export default async function EditChannelPage({ params }: { params: Promise<{ id: string }> }) {
  const { viewer } = await requireViewer('Keypoint.Admin')
  const { id } = await params
  const channel = await foundOrNotFound(() => getChannel(getDatabase(), viewer, id))
  return (
    <>
      <PageHeader title={channel.name} crumbs={[{ href: '/settings', label: 'Settings' }, { href: channelsHref, label: 'Notifications' }]} />
      <ChannelForm id={channel.id} values={channel} target={channel.kind === 'email' ? null : channel.target} timeZones={timeZones()} action={saveChannelForm} />
      {channel.kind === 'webhook' && <div className="mt-8 max-w-3xl"><Card title="Signing secret"><SecretForm id={channel.id} name={channel.name} olderSecret={channel.olderSecret} /></Card></div>}
    </>
  )
}
