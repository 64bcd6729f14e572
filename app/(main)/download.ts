import { KeypointError, type ErrorCode } from '@/lib/errors'
import { reportFormats, type ReportFormat } from '@/lib/domain/report-format'

const types: Record<ReportFormat, string> = { json: 'application/json', csv: 'text/csv; charset=utf-8' }
const statuses: Partial<Record<ErrorCode, number>> = { invalid: 400, forbidden: 403, 'not-found': 404, conflict: 409 }

/** The format that an address asks for. Throws KeypointError `invalid`. */
export function formatOf(params: URLSearchParams): ReportFormat {
  const asked = params.get('format')
  const format = reportFormats.find((candidate) => candidate === asked)
  if (format === undefined) throw new KeypointError('invalid', `format=${asked ?? ''} is no format.`, `Ask for format=${reportFormats.join(' or format=')}.`)
  return format
}

/**
 * Answers with a file that is sent as it is made. What refuses it is an answer too, with the error's message and remedy; what fails later breaks the
 * connection off, so that half a file never looks whole.
 */
export async function toDownload(make: () => Promise<{ name: string; format: ReportFormat; text: AsyncIterable<string> | string }>): Promise<Response> {
  try {
    const { name, format, text } = await make()
    return new Response(typeof text === 'string' ? text : toBytes(text), {
      headers: { 'content-type': types[format], 'content-disposition': `attachment; filename="${name}"`, 'cache-control': 'private, no-store' },
    })
  } catch (error) {
    const status = error instanceof KeypointError ? statuses[error.code] : undefined
    if (!(error instanceof KeypointError) || status === undefined) throw error
    return Response.json({ error: { code: error.code, message: error.message, remedy: error.remedy } }, { status, headers: { 'cache-control': 'no-store' } })
  }
}

function toBytes(text: AsyncIterable<string>): ReadableStream<Uint8Array> {
  const pieces = text[Symbol.asyncIterator]()
  const encoder = new TextEncoder()
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await pieces.next()
      if (done === true) controller.close()
      else controller.enqueue(encoder.encode(value))
    },
    async cancel() {
      await pieces.return?.()
    },
  })
}
