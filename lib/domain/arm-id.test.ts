import { describe, expect, it } from 'vitest'
import { nameOf, parentOf, resourceGroupOf, sameResource, storageAccountNameOf, subscriptionIdOf, toResourceKey, typeOf } from './arm-id'

const sub = '/subscriptions/AAAAAAAA-2222-4333-8444-555555555555'
const database = `${sub}/resourceGroups/RG-Data/providers/Microsoft.Sql/servers/Sql1/databases/Orders`

describe('ARM ids', () => {
  it('are the same in any casing, with or without the leading slash', () => {
    expect(sameResource(database, database.toUpperCase())).toBe(true)
    expect(toResourceKey('subscriptions/X/')).toBe('/subscriptions/x')
  })

  it('tell subscription, group, name and type', () => {
    expect(subscriptionIdOf(database)).toBe('aaaaaaaa-2222-4333-8444-555555555555')
    expect(subscriptionIdOf('subscriptions/X/providers/microsoft.insights/diagnosticSettings/a')).toBe('x')
    expect(subscriptionIdOf('/providers/Microsoft.Management/managementGroups/root')).toBeNull()
    expect(resourceGroupOf(database)).toBe('RG-Data')
    expect(nameOf(database)).toBe('Orders')
    expect(typeOf(database)).toBe('microsoft.sql/servers/databases')
    expect(typeOf(sub)).toBeNull()
  })

  it('use the last provider for extension resources', () => {
    expect(typeOf(`${database}/providers/Microsoft.Insights/diagnosticSettings/to-law`)).toBe('microsoft.insights/diagnosticsettings')
  })

  it('know the parent of a child and none at the top level', () => {
    expect(parentOf(database)).toBe(`${sub}/resourceGroups/RG-Data/providers/Microsoft.Sql/servers/Sql1`)
    expect(parentOf(`${sub}/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv`)).toBeNull()
    expect(parentOf(sub)).toBeNull()
  })
})

it.each([
  ['https://Acct.blob.core.windows.net/', 'acct'],
  ['http://acct.blob.core.chinacloudapi.cn', 'acct'],
  ['acct.blob.core.windows.net', 'acct'],
  ['', ''],
])('the endpoint %s names its account', (endpoint, name) => expect(storageAccountNameOf(endpoint)).toBe(name))
