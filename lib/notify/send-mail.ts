import type { ConnectionOptions } from 'node:tls'
import nodemailer from 'nodemailer'
import { z } from 'zod'
import { linksOf } from './links'
import { mailBody } from './mail-body'
import type { Message } from './message'
import type { Outcome } from './outcome'
import { plainText } from './plain-text'
import type { MailSettings } from './settings'

/** Without a word from the server. */
const silenceMs = 20_000
/** In all, however often the server says a word: less than the queue waits before it gives the message to another worker. */
const usualTimeoutMs = 90_000

interface SendMailOptions {
  /** More authorities than those of the system and of NODE_EXTRA_CA_CERTS. */
  trust?: Pick<ConnectionOptions, 'ca'>
  timeoutMs?: number
}

/** Sends one mail to all recipients, and says what came of it; errors of the network and of the server are outcomes. */
export async function sendMail(
  mail: MailSettings, recipients: readonly string[], message: Message, baseUrl: string, { trust = {}, timeoutMs = usualTimeoutMs }: SendMailOptions = {},
): Promise<Outcome> {
  const transport = nodemailer.createTransport({ ...serverOf(mail.smtpUrl), tls: trust, connectionTimeout: silenceMs, greetingTimeout: silenceMs, socketTimeout: silenceMs })
  const late = AbortSignal.timeout(timeoutMs)
  try {
    const info = await transport.sendMail({
      ...mailBody(message, linksOf(baseUrl).channels), from: mail.from, to: [...recipients], textEncoding: 'base64',
      // The same in each attempt, so that a mail that came twice shows once.
      messageId: `<${message.id}@${new URL(baseUrl).hostname}>`, headers: { 'Auto-Submitted': 'auto-generated' },
      // What stands in a message is text: nothing of it names files or addresses to be fetched.
      disableFileAccess: true, disableUrlAccess: true, signal: late,
    })
    const left = deferred(info.rejectedErrors, recipients)
    if (left.length > 0) return { status: 'retry', recipientsLeft: left, sentence: `Accepted, but not yet for ${left.join(', ')}.` }
    const refused = info.rejected.map(String)
    return { status: 'sent', sentence: refused.length === 0 ? `Accepted by the mail server for ${info.accepted.length} of ${recipients.length}.` : `Accepted, but not for ${refused.join(', ')}.` }
  } catch (error) {
    return late.aborted ? { status: 'retry', sentence: 'The mail server did not take it in time.' } : outcomeOf(error, recipients)
  } finally {
    transport.close()
  }
}

/** A password never leaves unencrypted; without one, encryption is used where the server offers it. */
function serverOf(smtpUrl: string) {
  const url = new URL(smtpUrl)
  const secure = url.protocol === 'smtps:'
  const auth = url.username === '' ? undefined : { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) }
  return { host: url.hostname.replace(/^\[|\]$/g, ''), port: url.port === '' ? (secure ? 465 : 587) : Number(url.port), secure, requireTLS: !secure && auth !== undefined, auth }
}

function outcomeOf(error: unknown, recipients: readonly string[]): Outcome {
  if (!(error instanceof Error)) return { status: 'retry', sentence: String(error) }
  const answer = 'responseCode' in error && typeof error.responseCode === 'number' ? error.responseCode : 0
  const about = 'code' in error ? error.code : null
  const left = 'rejectedErrors' in error ? deferred(error.rejectedErrors, recipients) : []
  // A recipient or a mail that is refused for good is refused again. All else passes, or is mended in the environment.
  const isFinal = answer >= 500 && (about === 'EENVELOPE' || about === 'EMESSAGE')
  return { status: isFinal ? 'failed' : 'retry', ...(left.length > 0 && { recipientsLeft: left }), sentence: `The mail server did not take it: ${plainText(error.message, 200)}` }
}

const refusals = z.array(z.object({ recipient: z.string(), responseCode: z.number() }))

/** Of the recipients that a server refused those that it may take later, as one that greylists does. It is asked for each with its domain in lower case. */
function deferred(errors: unknown, recipients: readonly string[]): string[] {
  const known = refusals.safeParse(errors)
  const later = new Set((known.data ?? []).filter(({ responseCode }) => responseCode < 500).map(({ recipient }) => recipient.toLowerCase()))
  return recipients.filter((one) => later.has(one.toLowerCase()))
}
