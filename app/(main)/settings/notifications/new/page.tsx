import clsx from 'clsx'
import type { Metadata } from 'next'
import Link from 'next/link'
import { channelsHref } from '@/components/links'
import { PageHeader } from '@/components/ui/page-header'
import { channelKindWords } from '@/components/vocabulary'
import { requireViewer } from '@/lib/auth/require-viewer'
import { channelKinds, topics, type ChannelInput } from '@/lib/domain/notification'
import { timeZones } from '../../../time-zones'
import { saveChannelForm } from '../actions'
import { ChannelForm } from '../channel-form'

export const metadata: Metadata = { title: 'New channel · Settings' }

interface Props {
  searchParams: Promise<{ kind?: string | string[] }>
}

export default async function NewChannelPage({ searchParams }: Props) {
  await requireViewer('Keypoint.Admin')
  const asked = (await searchParams).kind
  const kind = channelKinds.find((one) => one === asked) ?? 'webhook'
  const values: ChannelInput = { name: '', kind, recipients: [], topics: [...topics], minSeverity: 'low', keyPoints: [], alwaysSend: false, digest: null }
  return (
    <>
      <PageHeader title="New channel" crumbs={[{ href: '/settings', label: 'Settings' }, { href: channelsHref, label: 'Notifications' }]} />
      <nav aria-label="Kind of channel" className="mb-5">
        <ul className="flex flex-wrap gap-2">
          {channelKinds.map((one) => (
            <li key={one}>
              <Link
                href={`${channelsHref}/new?kind=${one}`} aria-current={one === kind ? 'page' : undefined}
                className={clsx('inline-flex min-h-9 items-center rounded border px-3 text-sm', one === kind ? 'border-accent font-semibold' : 'border-control hover:bg-panel')}
              >
                {channelKindWords[one]}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <ChannelForm key={kind} values={values} target={null} timeZones={timeZones()} action={saveChannelForm} />
    </>
  )
}
