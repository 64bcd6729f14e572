import { describe, expect, it } from 'vitest'
import { parseScheduleForm } from './schedule-input'

const a = 'aaaaaaaa-0000-4000-8000-000000000001'

function form(fields: Record<string, string | string[]>): FormData {
  const data = new FormData()
  const all = { name: 'Nightly', cron: '0 2 * * *', timeZone: 'Europe/Berlin', mode: 'full', what: 'everything', managementGroup: '', ...fields }
  for (const [name, value] of Object.entries(all)) for (const one of [value].flat()) data.append(name, one)
  return data
}

describe('parseScheduleForm', () => {
  it.each([
    [{}, {}],
    [{ subscription: a, managementGroup: 'mg' }, {}],
    [{ what: 'subscriptions', subscription: [a.toUpperCase(), a] }, { subscriptions: [a] }],
    [{ what: 'managementGroup', managementGroup: ' mg-prod ' }, { managementGroup: 'mg-prod' }],
  ])('%o scans %o', (fields, scope) => {
    expect(parseScheduleForm(form(fields))).toEqual({ ok: true, value: { name: 'Nightly', cron: '0 2 * * *', timeZone: 'Europe/Berlin', mode: 'full', scope } })
  })

  it.each([
    ['name', { name: '  ' }],
    ['name', { name: 'x'.repeat(101) }],
    ['cron', { cron: 'nightly' }],
    ['timeZone', { timeZone: 'Berlin' }],
    ['mode', { mode: 'quick' }],
    ['what', { what: 'nothing' }],
    ['subscriptions', { what: 'subscriptions' }],
    ['subscriptions', { what: 'subscriptions', subscription: 'Production' }],
    ['managementGroup', { what: 'managementGroup', managementGroup: 'my group' }],
    ['id', { id: 'x' }],
  ])('names the field %s for %o', (field, fields) => {
    const parsed = parseScheduleForm(form(fields))
    expect(parsed.ok ? [] : Object.keys(parsed.errors)).toEqual([field])
  })
})
