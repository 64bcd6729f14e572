import { describe, expect, it } from 'vitest'
import { checks } from '@/lib/checks'
import { collected } from '@/lib/domain/collected'
import { defaultPolicy, type Policy } from '@/lib/domain/policy'
import { ofRights } from './diagnose'
import { actionsOfChecksOff, checksNeeding, neededActions, roleDefinition } from './rights'

const queryRead = 'Microsoft.OperationalInsights/workspaces/query/LAQueryLogs/read'
const contactsRead = 'Microsoft.Security/securityContacts/read'
const home = '22222222-2222-4222-8222-222222222222'
const withoutContacts: Policy = { ...defaultPolicy, disabledChecks: ['security-contact', 'security-contact-owners'] }

describe('the rights that a scan needs', () => {
  it('hold those of every check that is on by default, and reading alone', () => {
    const needed = neededActions(defaultPolicy)
    for (const check of checks.filter(({ optional }) => optional !== true)) {
      for (const action of check.permissions) if (!/^microsoft\.(aadiam|management)\//i.test(action)) expect(needed, check.id).toContain(action)
    }
    expect(needed.filter((action) => !/\/read$/i.test(action))).toEqual([])
    expect(new Set(needed.map((action) => action.toLowerCase())).size).toBe(needed.length)
  })

  it('follow what the policy asks', () => {
    expect(neededActions(defaultPolicy)).not.toContain(queryRead)
    expect(actionsOfChecksOff(defaultPolicy)).toContain(queryRead)
    expect(neededActions({ ...defaultPolicy, enabledChecks: ['logs-queried'] })).toContain(queryRead)
    expect(neededActions(withoutContacts)).not.toContain(contactsRead)
    // One of the two still needs it.
    expect(neededActions({ ...defaultPolicy, disabledChecks: ['security-contact'] })).toContain(contactsRead)
  })

  it('follow overrides: a subscription’s own both ways, and what may hold for a part of it where that turns a check on', () => {
    const overriding = (scope: Policy['overrides'][number]['scope'], rules: Policy['overrides'][number]['rules'], policy = defaultPolicy): Policy => ({ ...policy, overrides: [{ scope, rules }] })
    const own = { kind: 'subscription', subscriptionId: home.toUpperCase() } as const
    const off = { disabledChecks: ['security-contact', 'security-contact-owners'] }
    expect(neededActions(overriding(own, off), home)).not.toContain(contactsRead)
    expect(neededActions(overriding(own, off), 'another')).toContain(contactsRead)
    expect(neededActions(overriding({ kind: 'management-group', name: 'prod' }, off), home)).toContain(contactsRead)
    expect(neededActions(overriding({ kind: 'tag', name: 'env', value: '' }, { enabledChecks: ['security-contact'] }, withoutContacts), home)).toContain(contactsRead)
    // A role serves every subscription.
    expect(neededActions(overriding(own, { enabledChecks: ['logs-queried'] }))).toContain(queryRead)
  })

  it('make a role for the whole tenant', () => {
    expect(roleDefinition('t', defaultPolicy)).toMatchObject({ IsCustom: true, AssignableScopes: ['/providers/Microsoft.Management/managementGroups/t'], NotActions: [], DataActions: [] })
  })

  it('name the checks that go without', () => {
    expect(checksNeeding('microsoft.operationalinsights/WORKSPACES/tables/read')).toContain('workspace-retention')
  })
})

describe('what doctor says of a subscription', () => {
  const subscription = { displayName: 'Home', subscriptionId: home }
  const allBut = (...notActions: string[]) => collected([{ actions: ['*/read'], notActions }])

  it('is all right without the rights of checks that are off, and tells what they would need', () => {
    expect(ofRights(subscription, allBut(contactsRead, queryRead), withoutContacts)).toMatchObject({ status: 'ok', message: expect.stringContaining(`Needed only if you turn on what is off: ${queryRead} (logs-queried); ${contactsRead} (security-contact, security-contact-owners).`) })
    expect(ofRights(subscription, allBut(), defaultPolicy).message).not.toContain('turn on')
  })
  it('is a warning where a check that is on goes without', () => {
    expect(ofRights(subscription, allBut(contactsRead), { ...defaultPolicy, disabledChecks: ['security-contact'] })).toMatchObject({ status: 'warning', message: `1 action is missing: ${contactsRead} (security-contact-owners).` })
  })
})
