import type { BicepFile, BicepValue } from './bicep'

type Properties = ReadonlyMap<string, BicepValue>

/** A target must be named with each write of an audit that is on (azure-rest-api-specs, Microsoft.Sql, BlobAuditing). */
function auditing(properties: Properties): string | null {
  const state = properties.get('state')
  if (state?.kind !== 'string' || state.text !== 'Enabled') return null
  return properties.has('storageEndpoint') || properties.has('isAzureMonitorTargetEnabled') ? null : 'is on without a target'
}

/** What a type asks of its properties together, by the specification of its API; the type in lower case. */
const together: Readonly<Record<string, (properties: Properties) => string | null>> = {
  'microsoft.sql/servers/auditingsettings': auditing,
  'microsoft.sql/servers/extendedauditingsettings': auditing,
}

/** What is wrong with a resource of a Bicep file; null when its properties fit together as far as tests know. */
export function wrongWithBicep({ type, existing, body }: BicepFile['resources'][number]): string | null {
  const properties = body.get('properties')
  if (existing || properties?.kind !== 'object') return null
  const wrong = together[type.toLowerCase()]?.(properties.properties) ?? null
  return wrong === null ? null : `${type} ${wrong}`
}
