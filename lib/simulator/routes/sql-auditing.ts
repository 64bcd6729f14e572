import { armError, ok, type Answer } from '../answer'
import type { Call, Route } from '../call'
import { isJsonObject } from '../json'
import { obstacle } from '../subject'

/** The tenant keeps extended settings; the plain form is the same without the predicate. */
function read(call: Call, subject: string, form: string): Answer {
  const database = /\/databases\//i.test(subject)
  const action = `Microsoft.Sql/servers/${database ? 'databases/' : ''}${form}/read`
  const stopped = obstacle(call, 'sql-auditing', subject, action)
  if (stopped) return stopped
  const answer = call.tenant.read('sql-auditing', subject)
  if (!answer) return armError(404, 'ResourceNotFound', 'The requested resource was not found.')
  if (answer.status !== 200 || !isJsonObject(answer.body) || !isJsonObject(answer.body.properties)) return answer
  const { predicateExpression, ...plain } = answer.body.properties
  const extended = form.toLowerCase() === 'extendedauditingsettings'
  const properties = extended ? { ...plain, predicateExpression: predicateExpression ?? '' } : plain
  return ok({
    properties,
    id: `${subject}/${form}/Default`,
    name: 'Default',
    type: `Microsoft.Sql/servers/${database ? 'databases/' : ''}${form}`,
  })
}

export const sqlAuditingRoutes: Route[] = [
  {
    kind: 'sql-auditing',
    method: 'GET',
    pattern:
      /^(.+\/providers\/microsoft\.sql\/servers\/[^/]+(?:\/databases\/[^/]+)?)\/((?:extendedAuditing|auditing)Settings)(\/default)?$/i,
    handle: (call, [subject = '', form = '', single]) => {
      const answer = read(call, subject, form)
      return single || answer.status !== 200 ? answer : ok({ value: [answer.body] })
    },
  },
]
