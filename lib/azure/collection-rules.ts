import { z } from 'zod'
import { nameOf, toResourceKey, type ResourceKey } from '../domain/arm-id'
import type { CollectionRule, RuleAssociation } from '../domain/estate'
import { graphPageOf } from './graph'
import { readGraphTable, type GraphTable } from './graph-table'
import { associationsQuery, collectionRulesQuery } from './machine-queries'
import { text, texts } from './shape'
import type { Wire } from './wire/wire'

/** An association and the machine that it belongs to. */
export interface MachineAssociation extends RuleAssociation {
  machine: ResourceKey
}

const association = z
  .object({ id: z.string().min(1), name: text, ruleId: text, endpointId: text })
  .transform(({ id, name, ruleId, endpointId }): MachineAssociation => ({
    machine: machineOf(id),
    name: name ?? nameOf(id),
    ruleId,
    endpointId,
  }))

function machineOf(associationId: string): ResourceKey {
  return toResourceKey(associationId.replace(/\/providers\/microsoft\.insights\/datacollectionruleassociations\/[^/]*$/i, ''))
}

function listOf<T>(item: z.ZodType<T>): z.ZodType<T[]> {
  return z.array(item).nullish().transform((list) => list ?? [])
}

const rule = z
  .object({
    id: z.string().min(1),
    name: text,
    kind: text,
    windowsEventLogs: listOf(z.object({ streams: texts, xPathQueries: texts })),
    syslog: listOf(z.object({ streams: texts, facilityNames: texts, logLevels: texts })),
    logFiles: listOf(z.object({ streams: texts, filePatterns: texts })),
    workspaces: listOf(z.object({ name: text, workspaceResourceId: text })),
    dataFlows: listOf(z.object({ streams: texts, destinations: texts, transformKql: text, outputStream: text })),
  })
  .transform((row): CollectionRule => ({
    id: row.id,
    name: row.name ?? nameOf(row.id),
    kind: row.kind,
    windowsEvents: row.windowsEventLogs,
    syslog: row.syslog.map(({ streams, facilityNames, logLevels }) => ({ streams, facilities: facilityNames, levels: logLevels })),
    logFiles: row.logFiles,
    workspaces: row.workspaces.flatMap(({ name, workspaceResourceId }) =>
      name === null || workspaceResourceId === null ? [] : [{ name, workspaceId: workspaceResourceId }]),
    flows: row.dataFlows.map(({ outputStream, ...flow }) => ({ ...flow, ...(outputStream !== null && { outputStream }) })),
  }))

const associationPage = graphPageOf(association)
const rulePage = graphPageOf(rule)

/** Every association of the subscriptions' machines with a data collection rule or endpoint. */
export function readRuleAssociations(wire: Wire, subscriptionIds: readonly string[]): Promise<GraphTable<MachineAssociation>> {
  return readGraphTable(wire, subscriptionIds, { query: associationsQuery, page: associationPage, action: 'Microsoft.Insights/dataCollectionRuleAssociations/read' })
}

/** Every data collection rule of the subscriptions. */
export function readCollectionRules(wire: Wire, subscriptionIds: readonly string[]): Promise<GraphTable<CollectionRule>> {
  return readGraphTable(wire, subscriptionIds, { query: collectionRulesQuery, page: rulePage, action: 'Microsoft.Insights/dataCollectionRules/read' })
}
