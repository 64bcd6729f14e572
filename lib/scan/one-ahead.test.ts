import { afterEach, describe, expect, it } from 'vitest'
import { production, sandbox, smallTenant, startSimulatedAzure, type SimulatedAzure } from '@/lib/azure/testing/simulated-azure'
import { oneAhead } from './one-ahead'

let running: SimulatedAzure | undefined
afterEach(async () => {
  await running?.close()
  running = undefined
})

async function pagesOf(vaultsEach: number) {
  running = await startSimulatedAzure({ tenant: smallTenant(vaultsEach) })
  return { pages: oneAhead(running.azure.readInventory([production, sandbox])), asked: () => running?.simulator.requests.count('resource-graph') ?? 0, simulator: running.simulator }
}

describe('pages of an inventory, one ahead', () => {
  it('are asked for while the last one is stored, no further, and come whole and in order', async () => {
    const { pages, asked } = await pagesOf(2_000)
    let resources = 0
    const before: number[] = []
    for await (const page of pages) {
      if (page.kind !== 'page') continue
      resources += page.resources.length
      before.push(asked())
      // Nobody has asked for it here.
      if (before.length === 1) await expect.poll(asked).toBe(3)
    }
    expect(resources).toBe(4_002)
    expect(asked()).toBe(6)
    expect(before.every((count, index) => count <= index + 3)).toBe(true)
  })

  it('end with what the last of them met, after those before it', async () => {
    const { pages, simulator } = await pagesOf(2_000)
    simulator.addFault({ match: '/providers/microsoft.resourcegraph/', after: 2, kind: 'status', status: 403, code: 'AuthorizationFailed' })
    const kinds: string[] = []
    for await (const page of pages) kinds.push(page.kind === 'listed' && page.unreadable.length > 0 ? 'unreadable' : page.kind)
    expect(kinds).toEqual(['page', 'unreadable'])
  })

  it('throw what comes to nothing when its turn comes, and leave alone what nobody waits for', async () => {
    const failing = async function* () {
      yield 1
      throw new Error('The second is missing.')
    }
    const seen: number[] = []
    const all = (async () => {
      for await (const one of oneAhead(failing())) seen.push(one)
    })()
    await expect(all).rejects.toThrow('The second is missing.')
    expect(seen).toEqual([1])
    const first = (async () => {
      for await (const one of oneAhead(failing())) throw new Error(`The database is gone at ${one}.`)
    })()
    await expect(first).rejects.toThrow('The database is gone at 1.')
  })
})
