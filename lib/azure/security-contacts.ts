import { z } from 'zod'
import type { SecurityContact } from '../domain/alerting'
import { collected, type Collected } from '../domain/collected'
import { apiVersions } from './api-versions'
import { isUnregistered } from './errors'
import { armPath, readPages } from './pages'
import { flag, pageOf, parseAnswer, text, texts, type Page } from './shape'
import type { Wire } from './wire/wire'

/** `On` or `Off` alone, as the API of 2017 had it, or with a severity, as that of 2020. */
const alertNotifications = z.union([
  z.string().transform((state) => ({ state, minimalSeverity: 'High' })),
  z.object({ state: text, minimalSeverity: text }),
])

/** Three generations of the API: each names mail, alerts and roles in its own way. */
const contact = z
  .object({
    name: text,
    properties: z.object({
      emails: text,
      email: text,
      isEnabled: flag,
      notificationsSources: z.array(z.object({ sourceType: text, minimalSeverity: text })).nullish(),
      alertNotifications: alertNotifications.nullish(),
      alertsToAdmins: text,
      notificationsByRole: z.object({ state: text, roles: texts }).nullish(),
    }),
  })
  .transform(({ name, properties }): SecurityContact => {
    const { notificationsSources, alertNotifications: older, notificationsByRole, alertsToAdmins } = properties
    const source = notificationsSources?.find(({ sourceType }) => sourceType?.toLowerCase() === 'alert')
    const alerts = notificationsSources || properties.isEnabled !== null
      ? properties.isEnabled !== false && source !== undefined
      : older ? isOn(older.state) : null
    return {
      name: name ?? 'default',
      emails: countOf(properties.emails ?? properties.email),
      alerts,
      minimalSeverity: source?.minimalSeverity ?? older?.minimalSeverity ?? null,
      byRole: properties.isEnabled === false ? false : isOn(notificationsByRole?.state ?? alertsToAdmins),
      // The API of 2017 knew one switch for the subscription's administrators, who are its owners.
      roles: notificationsByRole?.roles ?? (alertsToAdmins === null ? [] : ['Owner']),
    }
  })

function isOn(state: string | null | undefined): boolean | null {
  return state === null || state === undefined ? null : state.toLowerCase() === 'on'
}

function countOf(list: string | null): number {
  return (list ?? '').split(/[;,]/).filter((each) => each.trim() !== '').length
}

const contactPage = pageOf(contact)

/** A subscription that is not registered with Microsoft.Security has no contact: an empty list. */
export function parseSecurityContacts(status: number, body: unknown): Collected<Page<SecurityContact>> {
  if (isUnregistered(status, body)) return collected({ items: [], nextLink: null })
  return parseAnswer(status, body, contactPage)
}

/** Whom Defender for Cloud tells of alerts in a subscription. */
export async function readSecurityContacts(wire: Wire, subscriptionId: string): Promise<Collected<SecurityContact[]>> {
  const path = armPath(`/subscriptions/${subscriptionId}/providers/Microsoft.Security/securityContacts`)
  return await readPages(wire, wire.get(`${path}?api-version=${apiVersions.securityContacts}`), parseSecurityContacts)
}
