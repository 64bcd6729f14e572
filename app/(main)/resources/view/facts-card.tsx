import { formatUtc } from '@/components/format'
import { Breakable } from '@/components/ui/breakable'
import { Card } from '@/components/ui/card'
import { CodeBlock } from '@/components/ui/code-block'
import { Disclosure } from '@/components/ui/disclosure'
import { reasonWords } from '@/components/vocabulary'
import { reasonCodes } from '@/lib/domain/verdict'
import type { FactRow } from '@/lib/domain/views'

/** What Azure answered, source by source, with the time of each read: what every finding above was decided from. */
export function FactsCard({ facts }: { facts: FactRow[] }) {
  if (facts.length === 0) return null
  return (
    <Card title="Read from Azure" id="facts">
      <ul className="divide-y divide-line">
        {facts.map((fact) => (
          <li key={fact.source} className="break-inside-auto py-2 text-sm first:pt-0 last:pb-0">
            <p className="flex flex-wrap gap-x-4">
              <strong className="min-w-0 font-medium"><Breakable text={fact.api} /></strong>
              <span>{factStatus(fact.status)} at <time dateTime={fact.readAt} className="whitespace-nowrap">{formatUtc(fact.readAt)}</time></span>
            </p>
            <Disclosure summary="As read (JSON)"><CodeBlock text={JSON.stringify(fact.content, null, 2)} label={`answer of ${fact.api}`} /></Disclosure>
          </li>
        ))}
      </ul>
    </Card>
  )
}

function factStatus(status: string): string {
  if (status === 'ok') return 'Read'
  if (status === 'gone') return 'The resource is gone'
  if (status === 'not-supported') return 'Not supported for this resource'
  const reason = reasonCodes.find((code) => code === status)
  return reason === undefined ? status : reasonWords[reason]
}
