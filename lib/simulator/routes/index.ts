import type { Route } from '../call'
import { activityLogRoutes } from './activity-log'
import { databaseRoutes } from './databases'
import { diagnosticSettingsRoutes } from './diagnostic-settings'
import { resourceListRoutes, subscriptionListRoutes } from './lists'
import { eventHubRoutes } from './event-hubs'
import { logQueryRoutes } from './log-queries'
import { managementGroupRoutes } from './management-groups'
import { permissionRoutes } from './permissions'
import { resourceRoutes } from './resource'
import { resourceGraphRoutes } from './resource-graph'
import { sqlAuditingRoutes } from './sql-auditing'
import { storageRoutes } from './storage'
import { subscriptionRoutes } from './subscriptions'
import { workspaceRoutes } from './workspaces'

/** Every call of Azure Resource Manager that is answered; the first that matches does. The busiest stand first. */
export const armRoutes: readonly Route[] = [
  ...diagnosticSettingsRoutes,
  ...resourceGraphRoutes,
  ...subscriptionRoutes,
  ...managementGroupRoutes,
  ...sqlAuditingRoutes,
  ...databaseRoutes,
  ...workspaceRoutes,
  ...logQueryRoutes,
  ...storageRoutes,
  ...eventHubRoutes,
  ...activityLogRoutes,
  ...permissionRoutes,
  ...subscriptionListRoutes,
  ...resourceListRoutes,
  ...resourceRoutes,
]
