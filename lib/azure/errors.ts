import type { ReadAbsent, ReadFailure } from '../domain/collected'

/** Azure's error as read from either envelope, with names in any casing. */
export interface AzureError {
  code: string | null
  message: string | null
  /** The outer code and those of all details, in order. */
  codes: string[]
}

const goneCodes = ['ResourceNotFound', 'ResourceGroupNotFound', 'ParentResourceNotFound', 'SubscriptionNotFound']
const unregisteredCodes = ['NoRegisteredProviderFound', 'InvalidResourceType', 'MissingSubscriptionRegistration']

/** Of an answer that fewer rows may get through. */
export const tooLargeCode = 'ResponsePayloadTooLarge'

/** Reads `{"error":{…}}` or the bare `{"code":…}`; anything else (HTML, nothing) has no code. */
export function readAzureError(body: unknown): AzureError {
  const inner = fieldOf(body, 'error')
  const error = isRecord(inner) ? inner : body
  const code = textOf(fieldOf(error, 'code'))
  const details = fieldOf(error, 'details')
  const detailCodes = Array.isArray(details) ? details.flatMap((detail) => textOf(fieldOf(detail, 'code')) ?? []) : []
  return { code, message: textOf(fieldOf(error, 'message')), codes: [...(code === null ? [] : [code]), ...detailCodes] }
}

/** The one place that says what an answer other than success means for a read. */
export function toReadFailure(status: number, body: unknown): ReadFailure | ReadAbsent {
  const { code: outer, message, codes } = readAzureError(body)
  // Resource Graph says what is wrong with a question within a `BadRequest`: https://github.com/microsoft/ARI/issues/199
  const code = codes.includes(tooLargeCode) ? tooLargeCode : outer
  const failure = (reason: ReadFailure['reason'], detail: string, action: string | null = null): ReadFailure =>
    ({ ok: false, reason, detail, status, code, action })
  const absent = (reason: ReadAbsent['reason'], detail: string): ReadAbsent =>
    ({ ok: false, reason, detail, status, code, action: null })
  const answered = `Azure answered ${status}${code === null ? '' : ` ${code}`}`

  if (status === 401) return failure('permission-denied', `${answered}: the token was refused, also after a renewal.`)
  if (status === 403) {
    const action = refusedAction(message)
    return failure('permission-denied', action === null ? `${answered}: access is refused.` : `${answered}: ${action} is refused.`, action)
  }
  if (status === 429) return failure('throttled', `${answered}: still throttled after all retries.`)
  if (is(code, ['ResourceNotOnboarded'])) return failure('not-onboarded', `${answered}: the resource is not onboarded.`)
  if ((status === 404 || status === 400) && is(code, goneCodes)) return absent('gone', `${answered}: it does not exist any more.`)
  if (is(code, ['ResourceTypeNotSupported'])) return absent('not-supported', `${answered}: the resource type does not support this.`)
  if (is(code, unregisteredCodes)) return failure('unsupported', `${answered}: the provider or type is not available there.`)
  return failure('api-error', `${answered}${explain(message)}.`)
}

/**
 * Whether the subscription never registered the provider, so that nothing of its kind can be there. `NoRegisteredProviderFound` is also said of an api-version or a
 * location that a cloud does not know; then it names those that it knows, and nothing was read.
 */
export function isUnregistered(status: number, body: unknown): boolean {
  if (status !== 400 && status !== 404 && status !== 409) return false
  const { codes, message } = readAzureError(body)
  return codes.some((code) => {
    const plain = code.toLowerCase().replaceAll(' ', '')
    if (plain === 'noregisteredproviderfound') return !/supported (?:api-versions|locations)/i.test(message ?? '')
    return plain === 'missingsubscriptionregistration' || plain === 'subscriptionnotregistered'
  })
}

/** An answer of status 200 that is not what the API promises. */
export function unexpectedAnswer(detail: string, status: number | null = 200): ReadFailure {
  return { ok: false, reason: 'api-error', detail, status, code: null, action: null }
}

/** No answer at all: reset, time-out, unknown host, refused certificate. */
export function noAnswer(error: unknown): ReadFailure {
  const code = textOf(fieldOf(error, 'code'))
  return { ok: false, reason: 'api-error', detail: `Azure gave no answer${code === null ? '' : ` (${code})`}.`, status: null, code, action: null }
}

function refusedAction(message: string | null): string | null {
  return message === null ? null : (/perform action '([^']+)'/i.exec(message)?.[1] ?? null)
}

/** The message's first sentence without ids and times, which would make the same failure look new at every scan. */
function explain(message: string | null): string {
  if (message === null) return ''
  const sentence = message.split(/(?<=[.!?])\s|\r?\n/)[0] ?? ''
  const plain = sentence.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/gi, '…').replace(/\d{4}-?\d{2}-?\d{2}T[\d:.]+Z?/g, '…').replace(/\.$/, '')
  return plain === '' ? '' : `: ${plain.slice(0, 200)}`
}

function is(code: string | null, codes: readonly string[]): boolean {
  return code !== null && codes.some((known) => known.toLowerCase() === code.toLowerCase())
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

function fieldOf(value: unknown, name: string): unknown {
  if (!isRecord(value)) return undefined
  if (name in value) return value[name]
  const key = Object.keys(value).find((candidate) => candidate.toLowerCase() === name)
  return key === undefined ? undefined : value[key]
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : null
}
