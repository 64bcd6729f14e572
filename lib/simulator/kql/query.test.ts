import { describe, expect, it } from 'vitest'
import { compileQuery } from './query'
import { QueryError } from './query-error'

const rows = [
  {
    id: '/b',
    name: 'Beta',
    type: 'x/vaults',
    location: 'westeurope',
    tags: { env: 'prod' },
    properties: { sku: { name: 'P1' }, days: 30, zones: ['1', '2'] },
  },
  {
    id: '/a',
    name: 'alpha one',
    type: 'x/sites',
    location: 'northeurope',
    tags: null,
    properties: { sku: { name: 'P2' }, days: 90 },
  },
  { id: '/c', name: 'gamma', type: 'x/sites', location: 'westeurope', tags: null, properties: {} },
]

function run(query: string) {
  return compileQuery(query).run(rows)
}

function ids(condition: string) {
  return run(`resources | where ${condition} | project id`).map((row) => row.id)
}

describe('where', () => {
  it.each([
    [`name == 'beta'`, []],
    [`name =~ 'beta'`, ['/b']],
    [`name !~ 'beta'`, ['/a', '/c']],
    [`type in ('x/vaults', 'x/none')`, ['/b']],
    [`type in~ ('X/SITES')`, ['/a', '/c']],
    [`type !in ('x/sites')`, ['/b']],
    [`name has 'ONE'`, ['/a']],
    [`name has 'lph'`, []],
    [`name contains 'LPH'`, ['/a']],
    [`name startswith 'ga'`, ['/c']],
    [`name endswith "MA"`, ['/c']],
    [`properties.days >= 30 and properties.days < 90`, ['/b']],
    [`properties.sku.name == 'P2' or tags['env'] == 'prod'`, ['/b', '/a']],
    [`isempty(properties.sku)`, ['/c']],
    [`isnotempty(properties.sku.name) and not(location == 'westeurope')`, ['/a']],
    [`tolower(tostring(properties.sku.name)) == "p1"`, ['/b']],
    [`array_length(properties.zones) == 2 and properties.zones[1] == '2'`, ['/b']],
  ])('%s', (condition, expected) => {
    expect(ids(condition)).toEqual(expected)
  })
})

describe('shaping', () => {
  it('projects with aliases, paths and their implied names', () => {
    expect(run(`resources | where id == '/a' | project id, n = name, properties.sku.name, tostring(properties.days)`)).toEqual([
      { id: '/a', n: 'alpha one', properties_sku_name: 'P2', properties_days: '90' },
    ])
  })

  it('packs bags and keeps columns with extend', () => {
    const [row] = run(`resources | extend bag = bag_pack('sku', properties.sku.name, 'days', properties.days) | project id, bag`)
    expect(row).toEqual({ id: '/b', bag: { sku: 'P1', days: 30 } })
  })

  it('orders by code units, ascending on request and descending without', () => {
    expect(run('resources | order by id asc').map((row) => row.id)).toEqual(['/a', '/b', '/c'])
    expect(run('resources | sort by location asc, id').map((row) => row.id)).toEqual(['/a', '/c', '/b'])
  })

  it('summarizes, counts, takes and tells apart', () => {
    expect(run('resources | summarize count() by type | order by type asc')).toEqual([
      { type: 'x/sites', count_: 2 },
      { type: 'x/vaults', count_: 1 },
    ])
    expect(run('resources | summarize n = count(), days = max(toint(properties.days))')).toEqual([{ n: 3, days: 90 }])
    expect(run('resources | count')).toEqual([{ Count: 3 }])
    expect(run('resources | order by id asc | limit 1')).toHaveLength(1)
    expect(run('resources | distinct location')).toEqual([{ location: 'westeurope' }, { location: 'northeurope' }])
    expect(run('resources | top 1 by id desc | project id')).toEqual([{ id: '/c' }])
  })

  it('can page what has an id and no limit', () => {
    expect(compileQuery('resources | project id | order by id asc').pageable).toBe(true)
    expect(compileQuery('resources | project name').pageable).toBe(false)
    expect(compileQuery('resources | take 5').pageable).toBe(false)
  })
})

describe('refusals', () => {
  it.each([
    ['resources | wher type == 1', 'ParserFailure', 'wher'],
    ['resources | where', 'ParserFailure', '<EOF>'],
    ['resources | where nothere == 1', 'SemanticError', 'nothere'],
    ['resources | project id | where name == 1', 'SemanticError', 'name'],
    ['nothere | take 1', 'InvalidTableName', 'nothere'],
    ['resources | mv-expand tags', 'InvalidQueryLanguage', 'mv-expand'],
    ['resources | where frobnicate(name)', 'InvalidQueryLanguage', 'frobnicate'],
    ['resources | join (resources) on id', 'InvalidQueryLanguage', 'join'],
  ])('%s', (query, code, token) => {
    expect(() => compileQuery(query)).toThrowError(expect.objectContaining({ name: QueryError.name, code, token }))
  })
})
