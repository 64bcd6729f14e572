import { ok } from '../answer'
import type { Route } from '../call'
import { pageOf } from '../paging'
import { obstacle } from '../subject'
import type { FactKind } from '../tenant'
import { isJsonObject } from '../json'

const workspace = String.raw`^(.+\/providers\/microsoft\.operationalinsights\/workspaces\/[^/]+)`

function sentinelList(kind: FactKind, type: string): Route {
  return {
    kind,
    method: 'GET',
    pattern: new RegExp(String.raw`${workspace}\/providers\/microsoft\.securityinsights\/${type}$`, 'i'),
    handle: (call, [subject = '']) => {
      const refused = obstacle(call, kind, subject, `Microsoft.SecurityInsights/${type}/read`)
      if (refused) return refused
      const answer = call.tenant.read(kind, subject) ?? ok({ value: [] })
      // Lists as long as a busy workspace's come in pages.
      const { status, body } = answer
      return status === 200 && isJsonObject(body) && Array.isArray(body.value) && body.nextLink === undefined ? pageOf(call, body.value) : answer
    },
  }
}

export const workspaceRoutes: Route[] = [
  {
    kind: 'workspace-tables',
    method: 'GET',
    pattern: new RegExp(String.raw`${workspace}\/tables$`, 'i'),
    handle: (call, [subject = '']) =>
      obstacle(call, 'workspace-tables', subject, 'Microsoft.OperationalInsights/workspaces/tables/read') ??
      call.tenant.read('workspace-tables', subject) ??
      ok({ value: [] }),
  },
  {
    kind: 'data-exports',
    method: 'GET',
    pattern: new RegExp(String.raw`${workspace}\/dataExports$`, 'i'),
    handle: (call, [subject = '']) =>
      obstacle(call, 'data-exports', subject, 'Microsoft.OperationalInsights/workspaces/dataExports/read') ??
      call.tenant.read('data-exports', subject) ??
      ok({ value: [] }),
  },
  sentinelList('sentinel-onboarding', 'onboardingStates'),
  sentinelList('sentinel-rules', 'alertRules'),
  sentinelList('sentinel-connectors', 'dataConnectors'),
  sentinelList('sentinel-incidents', 'incidents'),
]
