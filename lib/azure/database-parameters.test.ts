import { afterEach, describe, expect, it } from 'vitest'
import { production, smallTenant, startSimulatedAzure, vaultId, type SimulatedAzure } from './testing/simulated-azure'

let running: SimulatedAzure | undefined
afterEach(async () => {
  await running?.close()
  running = undefined
})

const server = { id: `/subscriptions/${production}/resourceGroups/rg-App/providers/Microsoft.DBforPostgreSQL/flexibleServers/psql`, type: 'microsoft.dbforpostgresql/flexibleservers' }

async function start(values: Record<string, string>): Promise<SimulatedAzure> {
  const tenant = smallTenant()
  const like = tenant.row(vaultId(production, 0))
  if (like === undefined) throw new Error('the small tenant has vaults')
  tenant.addResource({ ...like, ...server, name: 'psql' })
  for (const [name, value] of Object.entries(values)) {
    tenant.setAnswer('database-parameters', `${server.id}/configurations/${name}`, { status: 200, body: { name, properties: { value } } })
  }
  running = await startSimulatedAzure({ tenant })
  return running
}

describe('parameters of a database server', () => {
  it('come without those that its version does not know', async () => {
    const { azure } = await start({ log_connections: 'on', shared_preload_libraries: 'pg_cron' })
    expect(await azure.readDatabaseParameters(server)).toEqual({ ok: true, value: [{ name: 'log_connections', value: 'on' }, { name: 'shared_preload_libraries', value: 'pg_cron' }] })
  })

  it('are gone with their server, and refused as a whole', async () => {
    const { azure, simulator } = await start({ log_connections: 'on' })
    expect(await azure.readDatabaseParameters({ ...server, id: `${server.id}-old` })).toMatchObject({ ok: false, reason: 'gone' })
    simulator.tenant.refuse(server.id, { kinds: ['database-parameters'] })
    expect(await azure.readDatabaseParameters(server)).toMatchObject({ ok: false, reason: 'permission-denied', action: expect.stringContaining('configurations/read') })
  })
})
