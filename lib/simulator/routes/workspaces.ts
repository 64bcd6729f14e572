import { ok } from '../answer'
import type { Route } from '../call'
import { obstacle } from '../subject'

const workspace = String.raw`^(.+\/providers\/microsoft\.operationalinsights\/workspaces\/[^/]+)`

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
    kind: 'sentinel-onboarding',
    method: 'GET',
    pattern: new RegExp(String.raw`${workspace}\/providers\/microsoft\.securityinsights\/onboardingStates$`, 'i'),
    handle: (call, [subject = '']) =>
      obstacle(call, 'sentinel-onboarding', subject, 'Microsoft.SecurityInsights/onboardingStates/read') ??
      call.tenant.read('sentinel-onboarding', subject) ??
      ok({ value: [] }),
  },
]
