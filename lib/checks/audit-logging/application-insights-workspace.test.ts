import { describe } from 'vitest'
import type { ReadFailure } from '@/lib/domain/collected'
import type { EstateLiteral } from '../testing/estate-builder'
import { resourceOf, unseen, workspaceId } from '../testing/literals'
import { judgedCases, type JudgedCase } from '../testing/judged-cases'

const component = (properties: Record<string, unknown>, more = {}) => resourceOf('Microsoft.Insights/components', 'appi-shop', { kind: 'web', properties, ...more })
const estate = (properties: Record<string, unknown>, more = {}): EstateLiteral => ({ resources: [component(properties, more)] })
const of = component({}).id
const inWorkspace = (id: string) => estate({ WorkspaceResourceId: id, IngestionMode: 'LogAnalytics' })

const lost: ReadFailure = { ok: false, reason: 'permission-denied', detail: 'Not listed any more.', status: 403, code: 'AuthorizationFailed', action: null }

const cases: JudgedCase[] = [
  { because: 'it is workspace-based and the workspace is there', estate: inWorkspace(workspaceId('central')), of, verdict: 'pass', severity: 'low' },
  { because: 'the workspace is named in another casing', estate: inWorkspace(workspaceId('central').toUpperCase()), of, verdict: 'pass' },
  { because: 'classic components keep their telemetry apart', estate: estate({ IngestionMode: 'ApplicationInsights' }), of, verdict: 'fail', says: 'classic' },
  { because: 'a diagnostic setting beside a classic store makes no workspace of it', estate: estate({ WorkspaceResourceId: '', IngestionMode: 'ApplicationInsightsWithDiagnosticSettings' }), of, verdict: 'fail', says: 'classic' },
  { because: 'its workspace was deleted', estate: inWorkspace(workspaceId('old')), of, verdict: 'fail', says: 'does not exist any more' },
  { because: 'its workspace is out of sight', estate: inWorkspace(workspaceId('soc', unseen)), of, verdict: 'unknown', reasonCode: 'permission-denied', permission: 'Microsoft.OperationalInsights/workspaces/read' },
  { because: 'its subscription is out of sight', estate: { ...estate({ IngestionMode: 'ApplicationInsights' }), lost }, of, verdict: 'unknown', reasonCode: 'permission-denied' },
  { because: 'Azure says nothing of where it keeps its telemetry', estate: estate({}), of, verdict: 'unknown', reasonCode: 'api-error' },
  { because: 'a service made it for itself', estate: estate({ IngestionMode: 'ApplicationInsights' }, { managedBy: `/subscriptions/${unseen}/resourceGroups/other/providers/Microsoft.Databricks/workspaces/dbw` }), of, verdict: 'not-applicable', says: 'Belongs to the managed resource group' },
]

describe('application-insights-workspace', () => {
  judgedCases('application-insights-workspace', cases)
})
