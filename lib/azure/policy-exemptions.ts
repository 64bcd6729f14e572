import { z } from 'zod'
import { nameOf, toResourceKey } from '../domain/arm-id'
import type { ReadFailure } from '../domain/collected'
import type { ExemptedDefinition, PolicyExemption } from '../domain/policy-exemption'
import { graphPageOf } from './graph'
import { readGraphTable, type GraphTable } from './graph-table'
import { text, texts } from './shape'
import type { Wire } from './wire/wire'

export const policyExemptionsQuery = `policyresources
| where type =~ 'microsoft.authorization/policyexemptions'
| project id, name, displayName = tostring(properties.displayName), description = tostring(properties.description), category = tostring(properties.exemptionCategory), expiresOn = tostring(properties.expiresOn), assignmentId = tostring(properties.policyAssignmentId), references = properties.policyDefinitionReferenceIds, selectors = properties.resourceSelectors, metadata = properties.metadata
| order by id asc`

export const policyAssignmentsQuery = `policyresources
| where type =~ 'microsoft.authorization/policyassignments'
| project id, name, displayName = tostring(properties.displayName), definitionId = tostring(properties.policyDefinitionId)
| order by id asc`

export const policyInitiativesQuery = `policyresources
| where type =~ 'microsoft.authorization/policysetdefinitions'
| project id, definitions = properties.policyDefinitions
| order by id asc`

const action = 'Microsoft.Authorization/policyExemptions/read'
const listOf = <T>(item: z.ZodType<T>) => z.array(item).nullish().transform((list) => list ?? [])
/** What people wrote; of any shape. */
const metadata = z.object({ requestedBy: z.string().optional().catch(undefined), approvedBy: z.string().optional().catch(undefined) }).nullish().catch(null)

const exemption = z.object({
  id: z.string().min(1), name: text, displayName: text, description: text, category: text, expiresOn: text, assignmentId: text, references: texts,
  selectors: z.array(z.unknown()).nullish(), metadata,
})
const assignment = z.object({ id: z.string().min(1), name: text, displayName: text, definitionId: text })
const initiative = z.object({ id: z.string().min(1), definitions: listOf(z.object({ policyDefinitionId: text, policyDefinitionReferenceId: text })) })
const pages = { exemption: graphPageOf(exemption), assignment: graphPageOf(assignment), initiative: graphPageOf(initiative) }

export interface PolicyExemptionsRead {
  exemptions: PolicyExemption[]
  /** By subscription in lower case: exemptions on it and below, or what they are from, could not be read. */
  failures: Map<string, ReadFailure>
}

/**
 * The exemptions of Azure Policy on the subscriptions, below them and on what is above them, each with the definitions that it is from. Assignments and initiatives are read
 * only where there is an exemption.
 */
export async function readPolicyExemptions(wire: Wire, subscriptionIds: readonly string[]): Promise<PolicyExemptionsRead> {
  // An exemption of a management group is above the subscriptions that are asked for.
  const ask = <T extends { id: string }>(query: string, page: Parameters<typeof readGraphTable<T>>[2]['page']): Promise<GraphTable<T>> =>
    readGraphTable(wire, subscriptionIds, { query, page, action, authorizationScopeFilter: 'AtScopeAboveAndBelow', keyOf: ({ id }) => toResourceKey(id) })
  const { rows, failures } = await ask(policyExemptionsQuery, pages.exemption)
  if (rows.length === 0) return { exemptions: [], failures }
  const assigned = await ask(policyAssignmentsQuery, pages.assignment)
  const defined = await ask(policyInitiativesQuery, pages.initiative)
  const assignments = new Map(assigned.rows.map((row) => [toResourceKey(row.id), row]))
  const initiatives = new Map(defined.rows.map((row) => [toResourceKey(row.id), row]))
  return { exemptions: rows.map((row) => toExemption(row, assignments, initiatives)), failures: new Map([...defined.failures, ...assigned.failures, ...failures]) }
}

type Rows<T extends z.ZodType> = ReadonlyMap<string, z.output<T>>

function toExemption(row: z.output<typeof exemption>, assignments: Rows<typeof assignment>, initiatives: Rows<typeof initiative>): PolicyExemption {
  const assigned = row.assignmentId === null ? undefined : assignments.get(toResourceKey(row.assignmentId))
  const expires = row.expiresOn === null ? Number.NaN : Date.parse(row.expiresOn)
  return {
    id: row.id, name: row.displayName ?? row.name ?? nameOf(row.id), scope: row.id.replace(/\/providers\/microsoft\.authorization\/policyexemptions\/[^/]*$/i, ''),
    category: row.category?.toLowerCase() === 'mitigated' ? 'mitigated' : 'waived', description: row.description,
    expiresAt: Number.isNaN(expires) ? null : new Date(expires).toISOString(), requestedBy: row.metadata?.requestedBy ?? null, approvedBy: row.metadata?.approvedBy ?? null,
    definitions: definitionsOf(assigned?.definitionId ?? null, row.references, initiatives),
    assignment: assigned?.displayName ?? assigned?.name ?? nameOf(row.assignmentId ?? row.id), selective: (row.selectors?.length ?? 0) > 0,
  }
}

/** Null: the assignment or its initiative is not told, or it does not know a reference. */
function definitionsOf(definitionId: string | null, references: readonly string[], initiatives: Rows<typeof initiative>): ExemptedDefinition[] | null {
  if (definitionId === null) return null
  if (!/\/policysetdefinitions\//i.test(definitionId)) return [{ id: definitionId, reference: null }]
  const members = initiatives.get(toResourceKey(definitionId))?.definitions
  if (members === undefined) return null
  const wanted = new Set(references.map((reference) => reference.toLowerCase()))
  return members.flatMap(({ policyDefinitionId, policyDefinitionReferenceId }) => {
    const isMeant = wanted.size === 0 || (policyDefinitionReferenceId !== null && wanted.has(policyDefinitionReferenceId.toLowerCase()))
    return policyDefinitionId !== null && isMeant ? [{ id: policyDefinitionId, reference: policyDefinitionReferenceId }] : []
  })
}
