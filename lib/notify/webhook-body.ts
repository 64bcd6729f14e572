import type { Notice } from '@/lib/domain/notice'
import { titleOf } from './outline'
import type { Message } from './message'

/** The body of a plain webhook: the notice itself, schema version 1. */
export function webhookBody(message: Message, notice: Notice): string {
  return JSON.stringify({ schemaVersion: 1, id: message.id, at: message.at, tenant: message.tenant, title: titleOf(notice), ...notice })
}
