import { afterEach, describe, expect, it } from 'vitest'
import { actionsMissing } from './permissions'
import { production, sandbox, startSimulatedAzure, type SimulatedAzure } from './testing/simulated-azure'

const settings = 'Microsoft.Insights/diagnosticSettings/read'
const tables = 'Microsoft.OperationalInsights/workspaces/tables/read'

describe('actionsMissing', () => {
  it.each<[name: string, granted: { actions: string[]; notActions: string[] }[], missing: string[]]>([
    ['Reader', [{ actions: ['*/read'], notActions: [] }], []],
    ['nothing', [], [settings, tables]],
    ['one action, in another casing', [{ actions: ['microsoft.insights/DIAGNOSTICSETTINGS/read'], notActions: [] }], [tables]],
    ['a provider', [{ actions: ['Microsoft.Insights/*'], notActions: [] }], [tables]],
    ['everything but one', [{ actions: ['*'], notActions: ['Microsoft.OperationalInsights/*/read'] }], [tables]],
    ['taken by one role and given by another', [{ actions: ['*'], notActions: [tables] }, { actions: [tables], notActions: [] }], []],
    ['a dot that is only a dot', [{ actions: ['MicrosoftxInsights/diagnosticSettings/read'], notActions: [] }], [settings, tables]],
  ])('%s', (_, granted, missing) => {
    expect(actionsMissing([settings, tables], granted)).toEqual(missing)
  })
})

describe('readPermissions', () => {
  let running: SimulatedAzure | undefined
  afterEach(() => running?.close())

  it('tells what the identity may do in a subscription', async () => {
    running = await startSimulatedAzure()
    const { azure, simulator } = running
    const read = await azure.readPermissions(`/subscriptions/${production}`)
    expect(read.ok && actionsMissing([settings, tables], read.value)).toEqual([])
    simulator.tenant.refuse(`/subscriptions/${sandbox}`, { kinds: ['diagnostic-settings'] })
    const narrowed = await azure.readPermissions(`/subscriptions/${sandbox}`)
    expect(narrowed.ok && actionsMissing([settings, tables], narrowed.value)).toEqual([settings])
  })
})
