import { z } from 'zod'
import { nameOf, toResourceKey, type ResourceKey } from '../domain/arm-id'
import type { GuestAssignment, GuestRule } from '../domain/estate'
import { graphPageOf } from './graph'
import { readGraphTable, type GraphTable } from './graph-table'
import { guestAssignmentsQuery } from './machine-queries'
import { text } from './shape'
import type { Wire } from './wire/wire'

/** An assignment and the machine that it audits. */
export interface MachineAssignment extends GuestAssignment {
  machine: ResourceKey
}

/** The rules of a baseline that some check asks for; the other 300 of a report are not kept. */
const wantedRules = /CCE-36925-6|CCE-36059-4|CCE-37843-0|ProcessCreationIncludeCmdLine|command line|process creation|execve|auditd|\bntp|chrony|timesyncd|time sync|timesource|time source/i

const reason = z.object({ phrase: text, code: text })

/** Both spellings: the table's own, and that of a report, with the setting's id among its properties. */
const rule = z
  .object({
    resourceId: text,
    complianceStatus: z.union([text, z.boolean().transform(String)]),
    reasons: z.array(reason).nullish().transform((list) => list ?? []),
    properties: z.object({ ResourceId: text }).nullish(),
  })
  .transform(({ resourceId, complianceStatus, reasons, properties }): GuestRule => ({
    id: resourceId ?? properties?.ResourceId ?? '',
    status: toStatus(complianceStatus),
    words: reasons.flatMap(({ phrase, code }) => [phrase, code].filter((word) => word !== null)),
  }))

/** Reports write `true` and `false` where the table writes words. */
function toStatus(text: string | null): string {
  const word = text?.toLowerCase()
  return word === 'true' ? 'Compliant' : word === 'false' ? 'NonCompliant' : (text ?? '')
}

const assignment = z
  .object({
    id: z.string().min(1),
    name: text,
    machine: text,
    configuration: text,
    status: text,
    checked: text,
    rules: z.array(rule).nullish().transform((list) => list ?? []),
  })
  .transform((row): MachineAssignment => ({
    machine: toResourceKey(row.machine ?? row.id.replace(/\/providers\/microsoft\.guestconfiguration\/guestconfigurationassignments\/[^/]*$/i, '')),
    name: row.name ?? nameOf(row.id),
    configuration: row.configuration,
    status: row.status ?? 'Pending',
    // The day alone: the same result an hour later is no change.
    checkedOn: row.checked === null || Number.isNaN(Date.parse(row.checked)) ? null : new Date(row.checked).toISOString().slice(0, 10),
    rules: row.rules.filter(({ id, words }) => wantedRules.test([id, ...words].join(' '))),
    rulesReported: row.rules.length,
  }))

const assignmentPage = graphPageOf(assignment)

/** What guest configuration found on the subscriptions' machines. */
export function readGuestAssignments(wire: Wire, subscriptionIds: readonly string[]): Promise<GraphTable<MachineAssignment>> {
  return readGraphTable(wire, subscriptionIds, {
    query: guestAssignmentsQuery,
    page: assignmentPage,
    action: 'Microsoft.GuestConfiguration/guestConfigurationAssignments/read',
  })
}
