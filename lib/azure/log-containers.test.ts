import { afterEach, describe, expect, it } from 'vitest'
import { production, smallTenant, startSimulatedAzure, vaultId, type SimulatedAzure } from './testing/simulated-azure'

let running: SimulatedAzure | undefined
afterEach(async () => {
  await running?.close()
  running = undefined
})

describe('containers of logs', () => {
  it('come without the others, with what protects them', async () => {
    const tenant = smallTenant()
    const like = tenant.row(vaultId(production, 0))
    if (like === undefined) throw new Error('the small tenant has vaults')
    const account = `/subscriptions/${production}/resourceGroups/rg-App/providers/Microsoft.Storage/storageAccounts/st`
    tenant.addResource({ ...like, id: account, name: 'st', type: 'microsoft.storage/storageaccounts' })
    const container = (name: string, policy?: object) => ({ name, properties: { hasLegalHold: true, ...(policy && { immutabilityPolicy: { properties: policy } }) } })
    tenant.setAnswer('containers', account, {
      status: 200,
      body: {
        value: [
          container('insights-activity-logs', { state: 'Locked', immutabilityPeriodSinceCreationInDays: 365, allowProtectedAppendWritesAll: true }),
          container('insights-logs-auditevent', { state: 'Unlocked', immutabilityPeriodSinceCreationInDays: 5 }),
          container('insights-logs-storageread'),
          container('backups', { state: 'Locked' }),
        ],
      },
    })
    running = await startSimulatedAzure({ tenant })
    expect(await running.azure.readLogContainers(account)).toEqual({
      ok: true,
      value: [
        { name: 'insights-activity-logs', immutability: { state: 'Locked', days: 365, allowsAppends: true } },
        { name: 'insights-logs-auditevent', immutability: { state: 'Unlocked', days: 5, allowsAppends: false } },
        { name: 'insights-logs-storageread', immutability: null },
      ],
    })
  })
})
