import { expect, it } from 'vitest'
import { categoriesSubjectsOf } from './categories-subject'

it.each([
  ['of a kind that matters, under that first, then as a release that told kinds apart otherwise stored it', 'microsoft.web/sites', 'functionapp,linux', [
    'categories:microsoft.web/sites|westeurope|functionapp', 'categories:microsoft.web/sites|westeurope|', 'categories:microsoft.web/sites|westeurope|functionapp,linux',
  ]],
  ['of a database, whatever its edition', 'microsoft.sql/servers/databases', 'v12.0,user', ['categories:microsoft.sql/servers/databases|westeurope|', 'categories:microsoft.sql/servers/databases|westeurope|v12.0,user']],
  ['of a type without kinds, once', 'microsoft.keyvault/vaults', null, ['categories:microsoft.keyvault/vaults|westeurope|']],
] as const)('a category list is stored %s', (_, type, kind, subjects) => {
  expect(categoriesSubjectsOf({ type, location: 'WestEurope', kind })).toEqual(subjects)
})
