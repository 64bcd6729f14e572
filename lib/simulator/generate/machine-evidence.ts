import { toResourceKey } from '@/lib/domain/arm-id'
import { jsonAt, type JsonObject } from '../json'
import type { GraphRow } from '../graph-row'
import type { Estate } from './estate'

/** Associations of machines with data collection rules, as the table `insightsresources` has them. Some lead nowhere on purpose. */
export function ruleAssociations(estate: Estate): GraphRow[] {
  const rules = estate.resources.filter((row) => row.type === 'microsoft.insights/datacollectionrules')
  const machines = estate.resources.filter((row) => row.type === 'microsoft.compute/virtualmachines')
  return machines.flatMap((machine) => {
    const system = String(jsonAt(machine.properties, 'storageProfile', 'osDisk', 'osType'))
    const rule = rules.find((row) => row.kind === system)
    const draw = estate.draw('association', toResourceKey(machine.id))
    const endpoint = {
      dataCollectionEndpointId: `/subscriptions/${machine.subscriptionId}/resourceGroups/${machine.resourceGroup}/providers/Microsoft.Insights/dataCollectionEndpoints/dce-machines`,
    }
    if (rule === undefined || draw < 0.12) return []
    if (draw < 0.18) return [association(machine, 'configurationAccessEndpoint', endpoint)]
    if (draw < 0.22) return [association(machine, 'assoc-security', { dataCollectionRuleId: rule.id.replace(/[^/]+$/, 'dcr-retired-2023') })]
    const serving = association(machine, 'assoc-security', { dataCollectionRuleId: rule.id })
    return draw < 0.4 ? [association(machine, 'configurationAccessEndpoint', endpoint), serving] : [serving]
  })
}

function association(machine: GraphRow, name: string, properties: JsonObject): GraphRow {
  return extensionRow(machine, 'Microsoft.Insights/dataCollectionRuleAssociations', name, properties)
}

/** A row for what hangs on a machine by another provider. */
function extensionRow(machine: GraphRow, type: string, name: string, properties: JsonObject): GraphRow {
  return {
    ...machine,
    id: `${machine.id}/providers/${type}/${name}`,
    name,
    type: type.toLowerCase(),
    kind: '',
    sku: null,
    plan: null,
    identity: null,
    zones: null,
    tags: null,
    properties,
  }
}
