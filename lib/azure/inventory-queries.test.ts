import '@kusto/language-service-next/bridge.min.js'
import '@kusto/language-service-next/Kusto.Language.Bridge.min.js'
import { describe, expect, it } from 'vitest'
import * as inventoryQueries from './inventory-queries'
import * as machineQueries from './machine-queries'

interface KustoGlobal {
  Kusto: { Language: { KustoCode: { Parse(query: string): { GetDiagnostics(): { Count: number } } } } }
}

/** The parser declares no module and puts itself into the global object. */
function diagnosticsOf(query: string): number {
  const { Kusto } = globalThis as unknown as KustoGlobal
  return Kusto.Language.KustoCode.Parse(query).GetDiagnostics().Count
}

const all = Object.entries({ ...inventoryQueries, ...machineQueries }).filter((entry): entry is [string, string] => typeof entry[1] === 'string')

describe('queries', () => {
  it('are all found here', () => {
    expect(all.map(([name]) => name).toSorted()).toEqual([
      'alertingQuery', 'associationsQuery', 'collectionRulesQuery', 'containersQuery', 'destinationsQuery', 'endpointProtectionQuery', 'guestAssignmentsQuery', 'resourcesQuery',
    ])
  })

  it.each(all)('%s parses without diagnostics, orders by id and sets no limit', (_name, query) => {
    expect(diagnosticsOf(query)).toBe(0)
    expect(query).toMatch(/\| order by id asc$/)
    expect(query).not.toMatch(/\b(limit|take|sample)\b/)
  })

  it('are told from text that does not parse', () => {
    expect(diagnosticsOf('resources | where (type ==')).toBeGreaterThan(0)
  })
})
