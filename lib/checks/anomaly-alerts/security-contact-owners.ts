import type { SecurityContact } from '@/lib/domain/alerting'
import type { Check } from '@/lib/domain/check'
import { remediateSecurityContact } from '../remediation/defender'
import { contactPermission, contactsOf } from './contacts'
import { ownerMappings } from './mappings'

function namesOwners({ roles }: SecurityContact): boolean {
  return roles.some((role) => role.toLowerCase() === 'owner')
}

export const securityContactOwners: Check = {
  id: 'security-contact-owners',
  version: 1,
  keyPoint: 'anomaly-alerts',
  title: 'The owners of the subscription are told of alerts',
  question: 'Do the owners of this subscription get the mail about alerts too?',
  why: 'Owners can act on their subscription at once. The notice by role follows who is owner today, while a mail address is forgotten when people leave.',
  severity: 'low',
  rules: {
    pass: 'A contact has notices by role on, with Owner among the roles.',
    fail: 'Notices by role are off, or Owner is not among the roles.',
    notApplicable: 'The subscription is deleted.',
    unknown: 'The contacts could not be read, or a contact names the role without saying that notices are on.',
  },
  sources: [{ title: 'Email notifications of Defender for Cloud', url: 'https://learn.microsoft.com/azure/defender-for-cloud/configure-email-notifications' }],
  mappings: ownerMappings,
  permissions: [contactPermission],

  asks: ['subscription'],
  evaluate(subject, context) {
    const read = contactsOf(subject, context)
    if (read === undefined) return undefined
    if ('judgement' in read) return read.judgement
    const { contacts, evidence } = read
    if (contacts.some((contact) => contact.byRole === true && namesOwners(contact))) {
      return { verdict: 'pass', reason: 'The owners of the subscription are told of alerts.', evidence }
    }
    if (contacts.some((contact) => contact.byRole === null && namesOwners(contact))) {
      return { verdict: 'unknown', reasonCode: 'unsupported', reason: 'A contact names the owners and does not say whether notices by role are on.', evidence }
    }
    if (contacts.length === 0) return { verdict: 'fail', reason: 'The subscription has no security contact, so its owners are told of nothing.', evidence }
    const on = contacts.some(({ byRole }) => byRole === true)
    return { verdict: 'fail', reason: on ? 'Notices by role are on, and the owners are not among the roles.' : 'Notices by role are off.', evidence }
  },

  remediate: (subject) =>
    remediateSecurityContact(subject, 'Turn on notices by role for the owners in the subscription’s security contact.', {
      id: '/providers/Microsoft.Authorization/policyDefinitions/0b15565f-aa9e-48ba-8619-45960f2c314d',
      displayName: 'Email notification to subscription owner for high severity alerts should be enabled',
    }),
}
