import type { SecurityContact } from '@/lib/domain/alerting'
import type { CheckContext, Subject } from '@/lib/domain/check'
import type { Evidence, Judgement } from '@/lib/domain/finding'
import { unreadJudgement } from '../unread'

export const contactPermission = 'Microsoft.Security/securityContacts/read'

/** The contacts of a subscription, or the judgement where there is nothing to judge. */
export function contactsOf(subject: Subject, { estate }: CheckContext): { contacts: SecurityContact[]; evidence: Evidence } | { judgement: Judgement } | undefined {
  if (subject.kind !== 'subscription') return undefined
  if (subject.subscription.state === 'Deleted') return { judgement: { verdict: 'not-applicable', reason: 'The subscription is deleted.' } }
  const read = estate.fact(subject.id, 'security-contacts')
  if (!read?.ok) return { judgement: unreadJudgement('The security contacts of the subscription', read, contactPermission) }
  const contacts = [...read.value].sort((a, b) => (a.name < b.name ? -1 : 1))
  return { contacts, evidence: { contacts: contacts.map((contact) => ({ ...contact, roles: [...contact.roles].sort() })) } }
}
