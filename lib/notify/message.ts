import type { Notice } from '@/lib/domain/notice'
import { titleOf } from './outline'
import { plainText } from './plain-text'

/** One message to one channel, before the channel's own form of it. */
export interface Message {
  /** The same in each attempt to deliver it. */
  id: string
  /** ISO 8601 UTC. */
  at: string
  tenant: { id: string; name: string; demo: boolean }
  /** Several in a digest. */
  notices: readonly Notice[]
}

/** `Contoso: 3 new gaps`, on one line whatever Azure's names hold. */
export function headlineOf({ tenant, notices }: Pick<Message, 'tenant' | 'notices'>): string {
  const [first, ...others] = notices
  const what = first === undefined ? 'Nothing to tell' : others.length === 0 ? titleOf(first) : `${notices.length} messages of the day`
  return plainText(`${tenant.demo ? 'Demo tenant' : tenant.name}: ${what}`, 200)
}
