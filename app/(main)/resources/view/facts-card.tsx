import { formatUtc } from '@/components/format'
import { Breakable } from '@/components/ui/breakable'
import { Card } from '@/components/ui/card'
import { CodeBlock } from '@/components/ui/code-block'
import { Disclosure } from '@/components/ui/disclosure'
import { Cell, DataTable, HeadCell, RowHead } from '@/components/ui/table'
import { reasonWords } from '@/components/vocabulary'
import { reasonCodes } from '@/lib/domain/verdict'
import type { FactRow } from '@/lib/domain/views'

/** What Azure answered, source by source, with the time of each read: what every finding above was decided from. */
export function FactsCard({ facts }: { facts: FactRow[] }) {
  if (facts.length === 0) return null
  return (
    <Card title="Read from Azure" id="facts">
      <DataTable caption="Sources that were read for this resource">
        <thead>
          <tr>
            <HeadCell>Source (API and version)</HeadCell>
            <HeadCell>Read at</HeadCell>
            <HeadCell>Answer</HeadCell>
          </tr>
        </thead>
        <tbody>
          {facts.map((fact) => (
            <tr key={fact.source}>
              <RowHead><Breakable text={fact.api} /></RowHead>
              <Cell label="Read at"><time dateTime={fact.readAt}>{formatUtc(fact.readAt)}</time></Cell>
              <Cell label="Answer">
                {factStatus(fact.status)}
                <Disclosure summary="As read (JSON)"><CodeBlock text={JSON.stringify(fact.content, null, 2)} label={`answer of ${fact.api}`} /></Disclosure>
              </Cell>
            </tr>
          ))}
        </tbody>
      </DataTable>
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
