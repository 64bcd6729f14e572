import { describe } from 'vitest'
import type { SecurityContact } from '@/lib/domain/alerting'
import { refused, subscriptionId, throttled } from '../testing/literals'
import { judgedCases, type JudgedCase } from '../testing/judged-cases'

function contacts(...list: Partial<SecurityContact>[]): Pick<JudgedCase, 'estate' | 'of'> {
  const whole = list.map((over, index) => ({ name: index === 0 ? 'default' : `default${index}`, emails: 1, alerts: true, minimalSeverity: 'High', byRole: true, roles: ['Owner'], ...over }))
  return { estate: { contacts: { [subscriptionId]: whole } }, of: subscriptionId }
}
const lost = (read: typeof refused): Pick<JudgedCase, 'estate' | 'of'> => ({ estate: { contacts: { [subscriptionId]: read } }, of: subscriptionId })
const deleted: JudgedCase = { because: 'the subscription is deleted', estate: { subscription: { state: 'Deleted' } }, of: subscriptionId, verdict: 'not-applicable' }

describe('security-contact', () =>
  judgedCases('security-contact', [
    { because: 'a contact is told from High on', ...contacts({}), verdict: 'pass', severity: 'medium' },
    { because: 'from Low on is more', ...contacts({ minimalSeverity: 'low' }), verdict: 'pass' },
    { because: 'one of two contacts is enough, whatever its name', ...contacts({ emails: 0 }, { name: 'security-team' }), verdict: 'pass', says: 'security-team' },
    { because: 'there is no contact', ...contacts(), verdict: 'fail', says: 'no security contact' },
    { because: 'the contact has no mail address', ...contacts({ emails: 0 }), verdict: 'fail', says: 'no mail address' },
    { because: 'mail about alerts is off', ...contacts({ alerts: false }), verdict: 'fail', says: 'no mail about alerts' },
    { because: 'the contact says nothing of alerts, which Azure takes for off', ...contacts({ alerts: null, minimalSeverity: null }), verdict: 'fail' },
    { because: 'a severity above High lets alerts of High pass by', ...contacts({ minimalSeverity: 'Critical' }), verdict: 'fail' },
    { because: 'no severity is named', ...contacts({ minimalSeverity: null }), verdict: 'unknown', reasonCode: 'unsupported' },
    { because: 'the contacts were refused', ...lost(refused), verdict: 'unknown', reasonCode: 'permission-denied' },
    { because: 'the contacts were never read', estate: {}, of: subscriptionId, verdict: 'unknown', reasonCode: 'api-error' },
    deleted,
  ]))

describe('security-contact-owners', () =>
  judgedCases('security-contact-owners', [
    { because: 'owners are told', ...contacts({}), verdict: 'pass', severity: 'low' },
    { because: 'roles are written in any casing', ...contacts({ roles: ['Contributor', 'OWNER'] }), verdict: 'pass' },
    { because: 'a contact without mail still serves the roles', ...contacts({ emails: 0 }), verdict: 'pass' },
    { because: 'notices by role are off', ...contacts({ byRole: false }), verdict: 'fail', says: 'are off' },
    { because: 'owners are not among the roles', ...contacts({ roles: ['Contributor'] }), verdict: 'fail', says: 'not among the roles' },
    { because: 'there is no contact', ...contacts(), verdict: 'fail' },
    { because: 'the state is left out', ...contacts({ byRole: null }), verdict: 'unknown', reasonCode: 'unsupported' },
    { because: 'the contacts were throttled to the end', ...lost(throttled), verdict: 'unknown', reasonCode: 'throttled' },
    deleted,
  ]))
