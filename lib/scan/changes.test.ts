import { describe, expect, it } from 'vitest'
import { changeOf, changesEvidence, grantedScopeOf, leftScopeOf, revokedScopeOf } from './changes'

const group = '/subscriptions/S/resourceGroups/RG/providers'

const cases: [operation: string, resourceId: string, expected: string[]][] = [
  ['microsoft.insights/diagnosticsettings/write', `${group}/Microsoft.KeyVault/vaults/kv/providers/microsoft.insights/diagnosticSettings/to-law`, ['diagnostic-settings /subscriptions/s/resourcegroups/rg/providers/microsoft.keyvault/vaults/kv']],
  ['microsoft.insights/diagnosticsettings/delete', '/subscriptions/S/providers/Microsoft.Insights/diagnosticSettings/export', ['diagnostic-settings /subscriptions/s']],
  ['microsoft.insights/diagnosticsettings/write', `${group}/Microsoft.Sql/servers/sql/databases/master/providers/Microsoft.Insights/diagnosticSettings/a`, ['diagnostic-settings /subscriptions/s/resourcegroups/rg/providers/microsoft.sql/servers/sql/databases/master']],
  ['microsoft.sql/servers/extendedauditingsettings/write', `${group}/Microsoft.Sql/servers/sql/extendedAuditingSettings/default`, ['sql-auditing /subscriptions/s/resourcegroups/rg/providers/microsoft.sql/servers/sql']],
  ['microsoft.sql/servers/auditingsettings/write', `${group}/Microsoft.Sql/servers/sql`, ['sql-auditing /subscriptions/s/resourcegroups/rg/providers/microsoft.sql/servers/sql']],
  ['microsoft.sql/servers/devopsauditingsettings/write', `${group}/Microsoft.Sql/servers/sql/devOpsAuditingSettings/Default`, ['sql-auditing /subscriptions/s/resourcegroups/rg/providers/microsoft.sql/servers/sql']],
  ['microsoft.synapse/workspaces/auditingsettings/write', `${group}/Microsoft.Synapse/workspaces/syn/auditingSettings/default`, ['sql-auditing /subscriptions/s/resourcegroups/rg/providers/microsoft.synapse/workspaces/syn']],
  ['microsoft.synapse/workspaces/sqlpools/extendedauditingsettings/write', `${group}/Microsoft.Synapse/workspaces/syn/sqlPools/dw/extendedAuditingSettings/default`, ['sql-auditing /subscriptions/s/resourcegroups/rg/providers/microsoft.synapse/workspaces/syn/sqlpools/dw']],
  ['microsoft.sql/servers/databases/auditingsettings/write', `${group}/Microsoft.Sql/servers/sql/databases/orders/auditingSettings/default`, ['sql-auditing /subscriptions/s/resourcegroups/rg/providers/microsoft.sql/servers/sql']],
  ['microsoft.dbforpostgresql/flexibleservers/configurations/write', `${group}/Microsoft.DBforPostgreSQL/flexibleServers/pg/configurations/pgaudit.log`, ['database-parameters /subscriptions/s/resourcegroups/rg/providers/microsoft.dbforpostgresql/flexibleservers/pg']],
  ['microsoft.dbformysql/flexibleservers/updateconfigurations/action', `${group}/Microsoft.DBforMySQL/flexibleServers/my`, ['database-parameters /subscriptions/s/resourcegroups/rg/providers/microsoft.dbformysql/flexibleservers/my']],
  ['microsoft.operationalinsights/workspaces/tables/write', `${group}/Microsoft.OperationalInsights/workspaces/law/tables/SigninLogs`, ['workspace-tables /subscriptions/s/resourcegroups/rg/providers/microsoft.operationalinsights/workspaces/law']],
  ['microsoft.operationalinsights/workspaces/write', `${group}/Microsoft.OperationalInsights/workspaces/law`, ['workspace-tables /subscriptions/s/resourcegroups/rg/providers/microsoft.operationalinsights/workspaces/law']],
  ['microsoft.security/pricings/write', '/subscriptions/S/providers/Microsoft.Security/pricings/VirtualMachines', ['defender-plans /subscriptions/s']],
  ['microsoft.security/securitycontacts/delete', '/subscriptions/S/providers/Microsoft.Security/securityContacts/default', ['security-contacts /subscriptions/s']],
  ['microsoft.storage/storageaccounts/managementpolicies/write', `${group}/Microsoft.Storage/storageAccounts/st/managementPolicies/default`, ['storage-lifecycle /subscriptions/s/resourcegroups/rg/providers/microsoft.storage/storageaccounts/st']],
  ['microsoft.eventhub/namespaces/networkrulesets/write', `${group}/Microsoft.EventHub/namespaces/Siem/networkRuleSets/default`, ['event-hub-namespace /subscriptions/s/resourcegroups/rg/providers/microsoft.eventhub/namespaces/siem']],
  ['microsoft.eventhub/namespaces/write', '/subscriptions/s/resourceGroups/namespaces/providers/Microsoft.EventHub/namespaces/Siem', ['event-hub-namespace /subscriptions/s/resourcegroups/namespaces/providers/microsoft.eventhub/namespaces/siem']],
  ['microsoft.eventhub/namespaces/authorizationrules/delete', `${group}/Microsoft.EventHub/namespaces/Siem/authorizationRules/send`, ['event-hub-namespace /subscriptions/s/resourcegroups/rg/providers/microsoft.eventhub/namespaces/siem']],
  ['microsoft.storage/storageaccounts/blobservices/containers/immutabilitypolicies/write', `${group}/Microsoft.Storage/storageAccounts/st/blobServices/default/containers/insights-logs-x/immutabilityPolicies/default`, ['log-containers /subscriptions/s/resourcegroups/rg/providers/microsoft.storage/storageaccounts/st']],
  ['microsoft.keyvault/vaults/write', `${group}/Microsoft.KeyVault/vaults/kv`, []],
  ['microsoft.storage/storageaccounts/listkeys/action', `${group}/Microsoft.Storage/storageAccounts/st`, []],
]

describe('changeOf', () => {
  it.each(cases)('%s on %s', (operation, resourceId, expected) => {
    const change = changeOf({ eventId: 'e', at: '2026-01-01T00:00:00Z', operation, resourceId, caller: 'ada@example.com' })
    expect(change === null ? [] : [`${change.source} ${change.subject}`]).toEqual(expected)
    expect(changesEvidence(operation)).toBe(expected.length > 0)
  })
})

describe('grantedScopeOf', () => {
  it.each([
    ['microsoft.authorization/roleassignments/write', '/subscriptions/S/providers/Microsoft.Authorization/roleAssignments/x', '/subscriptions/s'],
    ['microsoft.authorization/roleassignments/write', `${group}/Microsoft.KeyVault/vaults/kv/providers/Microsoft.Authorization/roleAssignments/x`, '/subscriptions/s/resourcegroups/rg/providers/microsoft.keyvault/vaults/kv'],
    ['microsoft.authorization/denyassignments/delete', '/subscriptions/S/resourceGroups/RG/providers/Microsoft.Authorization/denyAssignments/x', '/subscriptions/s/resourcegroups/rg'],
    ['microsoft.keyvault/vaults/write', `${group}/Microsoft.KeyVault/vaults/kv`, null],
  ])('%s on %s', (operation, resourceId, scope) => {
    expect(grantedScopeOf({ operation, resourceId })).toBe(scope)
    if (scope !== null) expect(changesEvidence(operation)).toBe(true)
  })
})

describe('revokedScopeOf', () => {
  it.each([
    ['microsoft.authorization/roleassignments/delete', '/subscriptions/S/resourceGroups/RG/providers/Microsoft.Authorization/roleAssignments/x', '/subscriptions/s/resourcegroups/rg'],
    ['microsoft.authorization/denyassignments/write', '/subscriptions/S/providers/Microsoft.Authorization/denyAssignments/x', '/subscriptions/s'],
    ['microsoft.authorization/roleassignments/write', '/subscriptions/S/providers/Microsoft.Authorization/roleAssignments/x', null],
  ])('%s on %s', (operation, resourceId, scope) => {
    expect(revokedScopeOf({ operation, resourceId })).toBe(scope)
    expect(changesEvidence(operation)).toBe(true)
  })
})

describe('leftScopeOf', () => {
  const scope = '/subscriptions/S/resourceGroups/RG'
  it.each([
    ['microsoft.sql/servers/delete', true],
    ['microsoft.resources/subscriptions/resourcegroups/delete', true],
    ['microsoft.resources/subscriptions/resourcegroups/moveresources/action', true],
    ['microsoft.resources/subscriptions/resourcegroups/validatemoveresources/action', false],
    ['microsoft.operationalinsights/workspaces/delete', false],
    ['microsoft.insights/diagnosticsettings/delete', false],
    ['microsoft.authorization/locks/delete', false],
    ['microsoft.sql/servers/write', false],
  ])('%s: %s', (operation, expected) => {
    expect(leftScopeOf({ operation, resourceId: scope })).toBe(expected ? '/subscriptions/s/resourcegroups/rg' : null)
    if (expected) expect(changesEvidence(operation)).toBe(true)
  })
})
