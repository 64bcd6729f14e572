import Link from 'next/link'
import { formatDay, formatUtc } from '@/components/format'
import { channelHref } from '@/components/links'
import { Badge } from '@/components/ui/badge'
import { buttonClass } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { CommandButton } from '@/components/ui/command-button'
import { DefinitionList } from '@/components/ui/definition-list'
import { channelKindWords, severityWords, topicWords } from '@/components/vocabulary'
import { keyPointTitle } from '@/lib/domain/key-point'
import type { ChannelRow } from '@/lib/domain/notification'
import { removeChannelById, switchChannel, testChannel } from './actions'

export function ChannelCard({ channel, mayChange }: { channel: ChannelRow; mayChange: boolean }) {
  const { id, name, kind, target, enabled, disabledReason, topics, digest, sealedAt, olderSecret, quietUntil, createdBy } = channel
  return (
    <Card
      id={`channel-${id}`} level={3} title={<span className="wrap-anywhere">{name} <Badge>{channelKindWords[kind]}</Badge> {!enabled && <Badge>Off</Badge>}</span>}
      actions={mayChange && (
        <div className="flex flex-wrap items-start gap-2 print:hidden">
          <CommandButton fields={{ id }} label="Send a test" about={`to ${name}`} action={testChannel} />
          <CommandButton fields={{ id, value: enabled ? 'off' : 'on' }} label={enabled ? 'Switch off' : 'Switch on'} about={name} action={switchChannel} />
          <Link href={channelHref(id)} className={buttonClass()}>Edit<span className="sr-only"> {name}</span></Link>
          <CommandButton fields={{ id }} label="Remove" about={name} action={removeChannelById} confirm="The list of what was sent to it goes with it." />
        </div>
      )}
    >
      <DefinitionList
        items={[
          ...(disabledReason === null ? [] : [{ term: 'Switched off', value: disabledReason }]),
          { term: 'To', value: sealedAt === null ? target : <>{target} <span className="text-muted">(address set on {formatDay(sealedAt)}, stored encrypted)</span></> },
          ...(quietUntil === null ? [] : [{ term: 'Left alone', value: `Until ${formatUtc(quietUntil)}, as the receiver asked` }]),
          ...(olderSecret === null ? [] : [{ term: 'Signed', value: `With an older secret too, ${olderSecret.until === null ? 'until somebody ends it' : `until ${formatUtc(olderSecret.until)}`}` }]),
          { term: 'Is told', value: <ul>{topics.map((topic) => <li key={topic}>{topicWords[topic]}</li>)}</ul> },
          ...(topics.includes('changes') ? [{ term: 'Of gaps', value: gapsInWords(channel) }] : []),
          { term: 'When', value: digest === null ? 'At once' : `Once a day at ${String(digest.hour).padStart(2, '0')}:00 in ${digest.timeZone}` },
          { term: 'Made by', value: createdBy },
        ]}
      />
    </Card>
  )
}

function gapsInWords({ minSeverity, keyPoints, alwaysSend }: ChannelRow): string {
  const severity = minSeverity === 'low' ? 'All severities' : minSeverity === 'critical' ? 'Critical alone' : `${severityWords[minSeverity]} and above`
  const of = keyPoints.length === 0 ? 'all key points' : keyPoints.map(keyPointTitle).join(', ')
  return `${severity}, ${of}${alwaysSend ? '; also when nothing changed' : ''}`
}
