import '@kusto/language-service-next/bridge.min.js'
import '@kusto/language-service-next/Kusto.Language.Bridge.min.js'
import { describe, expect, it } from 'vitest'
import * as inventoryQueries from './inventory-queries'
import { arrivalsQuery, auditArrivalsQuery, peopleQuery } from './log-queries'
import * as machineQueries from './machine-queries'
import * as networkQueries from './network-queries'
import { policyAssignmentsQuery, policyExemptionsQuery, policyInitiativesQuery } from './policy-exemptions'

interface KustoGlobal {
  Kusto: { Language: { KustoCode: { Parse(query: string): { GetDiagnostics(): { Count: number } } } } }
}

/** The parser declares no module and puts itself into the global object. */
function diagnosticsOf(query: string): number {
  const { Kusto } = globalThis as unknown as KustoGlobal
  return Kusto.Language.KustoCode.Parse(query).GetDiagnostics().Count
}

const hosts = networkQueries.dnsHostsQuery(['10.0.0.4', 'fd00::4'])
const all = Object.entries({ ...inventoryQueries, ...machineQueries, ...networkQueries, policyAssignmentsQuery, policyExemptionsQuery, policyInitiativesQuery, hosts, sizes: inventoryQueries.sizesQueryOf(), sizesOfTypes: inventoryQueries.sizesQueryOf(['microsoft.sql/servers', 'microsoft.keyvault/vaults']), sizesOfKinds: inventoryQueries.sizesQueryOf(undefined, { vaults: ['microsoft.keyvault/vaults'] }) }).filter((entry): entry is [string, string] => typeof entry[1] === 'string')

describe('queries', () => {
  it('are all found here', () => {
    expect(all.map(([name]) => name).toSorted()).toEqual([
      'alertingQuery', 'associationsQuery', 'collectionRulesQuery', 'containersQuery', 'destinationsQuery', 'endpointProtectionQuery', 'flowLogsQuery', 'guestAssignmentsQuery',
      'hosts', 'nameResolutionQuery', 'networksQuery', 'ownServersQuery', 'policyAssignmentsQuery', 'policyExemptionsQuery', 'policyInitiativesQuery', 'resourcesQuery', 'sizes', 'sizesOfKinds', 'sizesOfTypes',
    ])
  })

  it.each(all)('%s parses without diagnostics, orders by a unique key and sets no limit', (_name, query) => {
    expect(diagnosticsOf(query)).toBe(0)
    expect(query).toMatch(/\| order by (id|subscriptionId) asc$/)
    expect(query).not.toMatch(/\b(limit|take|sample)\b/)
  })

  it.each([arrivalsQuery, auditArrivalsQuery, peopleQuery])('of Log Analytics parse, and read no more than they say', (query) => {
    expect(diagnosticsOf(query)).toBe(0)
    expect(query).toMatch(/where TimeGenerated > ago\(\d+d\)/)
  })

  it('are told from text that does not parse', () => {
    expect(diagnosticsOf('resources | where (type ==')).toBeGreaterThan(0)
  })
})
