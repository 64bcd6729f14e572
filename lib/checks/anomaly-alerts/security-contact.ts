import type { SecurityContact } from '@/lib/domain/alerting'
import type { Check } from '@/lib/domain/check'
import { remediateSecurityContact } from '../remediation/defender'
import { contactPermission, contactsOf } from './contacts'
import { contactMappings } from './mappings'

const severities = ['high', 'medium', 'low']

function isTold({ emails, alerts, minimalSeverity }: SecurityContact): boolean {
  return emails > 0 && alerts === true && minimalSeverity !== null && severities.includes(minimalSeverity.toLowerCase())
}

/** Why a contact is told of nothing. */
function whatIsWrong({ name, emails, alerts, minimalSeverity }: SecurityContact): string {
  if (emails === 0) return `'${name}' has no mail address`
  if (alerts !== true) return `'${name}' gets no mail about alerts`
  return `'${name}' is told from the severity ${minimalSeverity ?? ''} on`
}

export const securityContact: Check = {
  id: 'security-contact',
  version: 1,
  keyPoint: 'anomaly-alerts',
  title: 'A security contact is told of alerts',
  question: 'Does someone get a mail when Defender for Cloud raises an alert of high severity in this subscription?',
  why: 'An alert that nobody is told of waits until someone opens the portal. CIS asks for the contact whether or not a Defender plan is on.',
  severity: 'medium',
  rules: {
    pass: 'A contact with a mail address gets alerts of severity High or lower.',
    fail: 'There is no contact, none has a mail address, or mail about alerts is off.',
    notApplicable: 'The subscription is deleted.',
    unknown: 'The contacts could not be read, or a contact does not say from which severity on it is told.',
  },
  sources: [
    { title: 'Email notifications of Defender for Cloud', url: 'https://learn.microsoft.com/azure/defender-for-cloud/configure-email-notifications' },
    { title: 'MCSB IR-2: Preparation - setup incident notification', url: 'https://learn.microsoft.com/security/benchmark/azure/mcsb-incident-response#ir-2-preparation---setup-incident-notification' },
  ],
  mappings: contactMappings,
  permissions: [contactPermission],

  asks: ['subscription'],
  evaluate(subject, context) {
    const read = contactsOf(subject, context)
    if (read === undefined) return undefined
    if ('judgement' in read) return read.judgement
    const { contacts, evidence } = read
    const told = contacts.find(isTold)
    if (told) return { verdict: 'pass', reason: `The contact '${told.name}' is told of alerts from severity ${told.minimalSeverity ?? 'High'} on.`, evidence }
    if (contacts.length === 0) return { verdict: 'fail', reason: 'The subscription has no security contact.', evidence }
    const vague = contacts.find(({ emails, alerts, minimalSeverity }) => emails > 0 && alerts === true && minimalSeverity === null)
    if (vague) return { verdict: 'unknown', reasonCode: 'unsupported', reason: `The contact '${vague.name}' does not say from which severity on it is told of alerts.`, evidence }
    return { verdict: 'fail', reason: `No security contact is told of alerts: ${contacts.map(whatIsWrong).join('; ')}.`, evidence }
  },

  remediate: (subject) =>
    remediateSecurityContact(subject, 'Name a security contact with the mail address of the team that answers alerts, told from severity High on.', {
      id: '/providers/Microsoft.Authorization/policyDefinitions/6e2593d9-add6-4083-9c9b-4b7d2188c899',
      displayName: 'Email notification for high severity alerts should be enabled',
    }),
}
