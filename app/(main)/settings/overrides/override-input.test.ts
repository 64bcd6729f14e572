import { describe, expect, it } from 'vitest'
import { overrideFromForm } from './override-input'

const workspace = '/subscriptions/s/resourceGroups/g/providers/Microsoft.OperationalInsights/workspaces/law-prod'

function form(fields: Record<string, string | string[]>): FormData {
  const data = new FormData()
  for (const [name, value] of Object.entries(fields)) for (const one of [value].flat()) data.append(name, one)
  return data
}

const inGroup = { scope: 'management-group', group: 'production' }

describe('overrideFromForm', () => {
  it('takes what is filled in and leaves the rest to the tenant', () => {
    expect(overrideFromForm(form({
      ...inGroup, total: '730', interactive: '', ownWorkspaces: 'on', workspaces: `${workspace}\n${workspace.toUpperCase()}`, destinations: '',
      'asked:resource-audit-logs': 'off', 'asked:activity-log-export': '', 'severity:activity-log-export': 'low', ownAlternatives: 'on', accept: ['edr-command-line'],
    }))).toEqual({
      ok: true,
      value: {
        scope: { kind: 'management-group', name: 'production' },
        rules: {
          approvedWorkspaces: [workspace.toUpperCase()], retentionDays: { total: 730 }, disabledChecks: ['resource-audit-logs'],
          severityByCheck: { 'activity-log-export': 'low' }, acceptedAlternatives: ['edr-command-line'],
        },
      },
    })
  })
  it.each([
    [{ scope: 'management-group', group: '/providers/Microsoft.Management/managementGroups/Prod' }, { kind: 'management-group', name: 'Prod' }],
    [{ scope: 'subscription', subscription: '0B1F6471-1BF0-4DDA-AEC3-CB9272F09590' }, { kind: 'subscription', subscriptionId: '0b1f6471-1bf0-4dda-aec3-cb9272f09590' }],
    [{ scope: 'tag', tagName: ' env ', tagValue: '' }, { kind: 'tag', name: 'env', value: '' }],
  ])('reads the scope of %o', (fields, scope) => {
    expect(overrideFromForm(form({ ...fields, total: '30' }))).toMatchObject({ ok: true, value: { scope } })
  })
  it.each([
    ['scope', { total: '30' }],
    ['group', { scope: 'management-group', group: '', total: '30' }],
    ['subscription', { scope: 'subscription', subscription: 'mine', total: '30' }],
    ['tagName', { scope: 'tag', tagName: '', total: '30' }],
    ['total', { ...inGroup, total: 'x' }],
    ['interactive', { ...inGroup, total: '30', interactive: '31' }],
    ['workspaces', { ...inGroup, ownWorkspaces: 'on', workspaces: 'law' }],
    ['workspaces', { ...inGroup, total: '30', workspaces: workspace }],
    ['destinations', { ...inGroup, total: '30', destinations: workspace }],
    ['alternatives', { ...inGroup, total: '30', accept: 'edr-command-line' }],
    ['categories', { ...inGroup, categories: 'nothing' }],
    ['rules', inGroup],
  ])('names %s for %o', (field, fields) => {
    const parsed = overrideFromForm(form(fields))
    expect(parsed.ok ? [] : Object.keys(parsed.errors)).toEqual([field])
  })
})
