import { z } from 'zod'
import { collected, type Collected } from '../domain/collected'
import type { DatabaseParameter } from '../domain/estate'
import { apiVersions } from './api-versions'
import { armPath } from './pages'
import { parseAnswer } from './shape'
import type { Wire } from './wire/wire'

/** The parameters that decide whether a server writes what its log category carries, by type; the first is on every server. */
const parametersOf: Readonly<Record<string, { names: readonly string[]; version: string }>> = {
  'microsoft.dbforpostgresql/flexibleservers': { names: ['log_connections', 'pgaudit.log', 'shared_preload_libraries'], version: apiVersions.postgresParameters },
  'microsoft.dbformysql/flexibleservers': { names: ['audit_log_enabled', 'audit_log_events'], version: apiVersions.mysqlParameters },
}

/** Types whose servers are asked for their audit parameters. */
export const databaseTypes: readonly string[] = Object.keys(parametersOf)

const parameter = z
  .object({ name: z.string(), properties: z.object({ value: z.string().nullish() }) })
  .transform(({ name, properties }): DatabaseParameter => ({ name: name.toLowerCase(), value: properties.value ?? '' }))

function parseDatabaseParameter(status: number, body: unknown): Collected<DatabaseParameter> {
  return parseAnswer(status, body, parameter)
}

/** The audit parameters of a server; one that its version does not know is left out. Servers of other types have none. */
export async function readDatabaseParameters(wire: Wire, server: { id: string; type: string }): Promise<Collected<DatabaseParameter[]>> {
  const { names = [], version = '' } = parametersOf[server.type] ?? {}
  const found: DatabaseParameter[] = []
  for (const [index, name] of names.entries()) {
    const answer = await wire.get(`${armPath(`${server.id}/configurations/${name}`)}?api-version=${version}`)
    const read = answer.ok ? parseDatabaseParameter(answer.value.status, answer.value.body) : answer
    if (read.ok) found.push(read.value)
    else if (index === 0 || read.reason !== 'gone') return read
  }
  return collected(found)
}
