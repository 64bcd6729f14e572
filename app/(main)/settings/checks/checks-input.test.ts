import { describe, expect, it } from 'vitest'
import { checks } from '@/lib/checks'
import { defaultPolicy } from '@/lib/domain/policy'
import { checksFromForm } from './checks-input'

const asked = checks.filter((check) => !check.optional).map(({ id }) => id)

function form(on: readonly string[], more: [string, string][] = []): FormData {
  const data = new FormData()
  for (const id of on) data.append('on', id)
  for (const [name, value] of more) data.append(name, value)
  return data
}

describe('checksFromForm', () => {
  it('changes nothing when the form is sent as it was shown', () => {
    expect(checksFromForm(form(asked))(defaultPolicy)).toEqual(defaultPolicy)
  })
  it('switches off what is not ticked, and keeps what it does not know', () => {
    const stored = { ...defaultPolicy, disabledChecks: ['of-another-version', 'activity-log-export'], severityByCheck: { 'of-another-version': 'low' as const } }
    const saved = checksFromForm(form(asked.filter((id) => id !== 'resource-audit-logs')))(stored)
    expect(saved).toMatchObject({ disabledChecks: ['of-another-version', 'resource-audit-logs'], severityByCheck: { 'of-another-version': 'low' } })
  })
  it('takes severities and alternatives that exist, and no others', () => {
    const saved = checksFromForm(form(asked, [
      ['severity:resource-audit-logs', 'critical'], ['severity:activity-log-export', ''], ['severity:workspace-retention', 'terrible'],
      ['accept', 'edr-command-line'], ['accept', 'edr-command-line'], ['accept', 'anything'],
    ]))(defaultPolicy)
    expect(saved).toMatchObject({ severityByCheck: { 'resource-audit-logs': 'critical' }, acceptedAlternatives: ['edr-command-line'] })
  })
})
