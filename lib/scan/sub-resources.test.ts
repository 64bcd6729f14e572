import { describe, expect, it } from 'vitest'
import { toResourceKey } from '@/lib/domain/arm-id'
import type { Resource } from '@/lib/domain/estate'
import { subResourcesOf } from './sub-resources'

const group = '/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg'

function resource(path: string, type: string, kind: string | null): Resource {
  return {
    id: `${group}/providers/${path}`, name: path.split('/').at(-1) ?? '', type, kind, location: 'westeurope', resourceGroup: 'rg',
    subscriptionId: '11111111-2222-4333-8444-555555555555', skuName: 'Standard_LRS', managedBy: null, tags: { env: 'prod' }, properties: { a: 1 }, derivedFrom: null,
  }
}

const account = (kind: string | null) => resource('Microsoft.Storage/storageAccounts/stData', 'microsoft.storage/storageaccounts', kind)
const server = (kind: string | null) => resource('Microsoft.Sql/servers/sqlMain', 'microsoft.sql/servers', kind)
const typesOf = (r: Resource, listed = new Set<string>()) => subResourcesOf(r, listed).map((s) => s.type.split('/').at(-1))

describe('subResourcesOf', () => {
  it.each([
    ['StorageV2', ['blobservices', 'fileservices', 'queueservices', 'tableservices']],
    ['Storage', ['blobservices', 'fileservices', 'queueservices', 'tableservices']],
    ['storagev2', ['blobservices', 'fileservices', 'queueservices', 'tableservices']],
    [null, ['blobservices', 'fileservices', 'queueservices', 'tableservices']],
    ['BlobStorage', ['blobservices']],
    ['BlockBlobStorage', ['blobservices']],
    ['FileStorage', ['fileservices']],
    ['SomethingNew', []],
  ])('a storage account of kind %s has %j', (kind, types) => {
    expect(typesOf(account(kind))).toEqual(types)
  })

  it('a premium account of a general kind has page blobs alone', () => {
    expect(typesOf({ ...account('StorageV2'), skuName: 'Premium_LRS' })).toEqual(['blobservices'])
    expect(typesOf({ ...account('FileStorage'), skuName: 'Premium_ZRS' })).toEqual(['fileservices'])
  })

  it('adds master to a SQL server, but not to one of Synapse', () => {
    expect(subResourcesOf(server('v12.0'), new Set()).map((s) => s.id)).toEqual([`${group}/providers/Microsoft.Sql/servers/sqlMain/databases/master`])
    expect(typesOf(server('v12.0,analytics'))).toEqual([])
  })

  it('makes nothing that the inventory lists, in whatever casing', () => {
    const listed = new Set<string>([toResourceKey(`${group}/providers/microsoft.sql/servers/SQLMAIN/databases/MASTER`)])
    expect(typesOf(server('v12.0'), listed)).toEqual([])
  })

  it('keeps place and tags of the parent, and names it', () => {
    const [blob] = subResourcesOf(account('BlobStorage'), new Set())
    expect(blob).toMatchObject({ id: `${account(null).id}/blobServices/default`, location: 'westeurope', tags: { env: 'prod' }, kind: null, properties: {}, derivedFrom: account(null).id })
  })

  it('leaves other types alone', () => {
    expect(typesOf(resource('Microsoft.KeyVault/vaults/kv', 'microsoft.keyvault/vaults', null))).toEqual([])
  })
})
