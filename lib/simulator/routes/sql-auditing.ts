import { armError, ok, type Answer } from '../answer'
import type { Call, Route } from '../call'
import { isJsonObject } from '../json'
import { obstacle } from '../subject'

const isSynapse = (subject: string): boolean => /\/microsoft\.synapse\//i.test(subject)

function typeNameOf(subject: string): string {
  if (isSynapse(subject)) return `Microsoft.Synapse/workspaces${/\/sqlpools\//i.test(subject) ? '/sqlPools' : ''}`
  return `Microsoft.Sql/servers${/\/databases\//i.test(subject) ? '/databases' : ''}`
}

/** What Azure answers of a Synapse workspace or pool that nobody ever set. */
const neverTurnedOn = ok({
  properties: { state: 'Disabled', retentionDays: 0, auditActionsAndGroups: [], isStorageSecondaryKeyInUse: false, isAzureMonitorTargetEnabled: false, storageAccountSubscriptionId: '00000000-0000-0000-0000-000000000000' },
})

/** The tenant keeps extended settings; the plain form is the same without the predicate. */
function read(call: Call, subject: string, form: string): Answer {
  const type = typeNameOf(subject)
  const action = `${type}/${form}/read`
  const stopped = obstacle(call, 'sql-auditing', subject, action)
  if (stopped) return stopped
  const answer = call.tenant.read('sql-auditing', subject) ?? (isSynapse(subject) ? neverTurnedOn : undefined)
  if (!answer) return armError(404, 'ResourceNotFound', 'The requested resource was not found.')
  if (answer.status !== 200 || !isJsonObject(answer.body) || !isJsonObject(answer.body.properties)) return answer
  const { predicateExpression, ...plain } = answer.body.properties
  const extended = form.toLowerCase() === 'extendedauditingsettings'
  const properties = extended ? { ...plain, predicateExpression: predicateExpression ?? '' } : plain
  return ok({
    properties,
    id: `${subject}/${form}/Default`,
    name: 'Default',
    type: `${type}/${form}`,
  })
}

export const sqlAuditingRoutes: Route[] = [
  {
    kind: 'sql-auditing',
    method: 'GET',
    pattern: /^(.+\/providers\/microsoft\.(?:sql\/servers\/[^/]+(?:\/databases\/[^/]+)?|synapse\/workspaces\/[^/]+(?:\/sqlpools\/[^/]+)?))\/((?:extendedAuditing|auditing)Settings)(\/default)?$/i,
    handle: (call, [subject = '', form = '', single]) => {
      const answer = read(call, subject, form)
      return single || answer.status !== 200 ? answer : ok({ value: [answer.body] })
    },
  },
]
