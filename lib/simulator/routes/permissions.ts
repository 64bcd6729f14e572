import { ok } from '../answer'
import type { Route } from '../call'
import { obstacle } from '../subject'
import type { FactKind } from '../tenant'

const actionOf: Partial<Record<FactKind, string>> = {
  'diagnostic-settings': 'Microsoft.Insights/diagnosticSettings/read',
  'diagnostic-settings-categories': 'Microsoft.Insights/diagnosticSettingsCategories/read',
  'sql-auditing': 'Microsoft.Sql/servers/*/read',
  'workspace-tables': 'Microsoft.OperationalInsights/workspaces/tables/read',
  'data-exports': 'Microsoft.OperationalInsights/workspaces/dataExports/read',
  'hub-firewall': 'Microsoft.EventHub/namespaces/networkRuleSets/read',
  lifecycle: 'Microsoft.Storage/storageAccounts/managementPolicies/read',
}

/** The principal's role, without what the tenant refuses at the subscription. */
export const permissionRoutes: Route[] = [
  {
    kind: 'permissions',
    method: 'GET',
    pattern: /^(\/subscriptions\/[^/]+)\/providers\/microsoft\.authorization\/permissions$/i,
    handle: (call, [subject = '']) => {
      const stopped = obstacle(call, null, subject, 'Microsoft.Authorization/permissions/read')
      if (stopped) return stopped
      const refused = Object.entries(actionOf).flatMap(([kind, action]) => (call.tenant.refusal(kind as FactKind, subject) ? [action] : []))
      return ok({ value: [{ actions: call.tenant.granted, notActions: refused, dataActions: [], notDataActions: [] }] })
    },
  },
]
