import { armError } from '../answer'
import type { Route } from '../call'
import { obstacle } from '../subject'

export const databaseRoutes: Route[] = [
  {
    kind: 'database-parameters',
    method: 'GET',
    pattern: /^(.+\/providers\/(microsoft\.(?:dbforpostgresql|dbformysql))\/flexibleservers\/[^/]+)\/configurations\/([^/]+)$/i,
    handle: (call, [server = '', provider = '', name = '']) =>
      obstacle(call, 'database-parameters', server, `${provider}/flexibleServers/configurations/read`) ??
      call.tenant.read('database-parameters', `${server}/configurations/${name}`) ??
      armError(404, 'ResourceNotFound', `The requested configuration '${name}' was not found.`),
  },
]
