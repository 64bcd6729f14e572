import type { CheckContext, Subject } from '@/lib/domain/check'
import { machineSources, reachBits, unreadReach, type LogReachRow } from '@/lib/domain/log-reach'
import { deliveryTo } from './collected-events'
import { counts, isCentral, isUntold, type Destination } from './destination'
import { effectiveLogging, type EffectiveLogging, type Flow } from './effective-logging'
import { askMachine, agentState } from './machine'
import type { RequiredSet } from './required-categories'
import { resourceLogging, type ComparedLogging } from './resource-logging'
import { contextOfSubject } from './scoped-context'
import { scopesOf } from './subjects'

const bitOfKind = { 'storage-account': reachBits.storage, 'event-hub': reachBits.eventHub, partner: reachBits.partner } as const

function bitsOf(destination: Destination, context: CheckContext): number {
  if (isUntold(destination)) return reachBits.untold
  if (!counts(destination)) return destination.state === 'unreadable' ? reachBits.unseen : 0
  if (destination.kind !== 'workspace') return bitOfKind[destination.kind]
  const onboarding = context.estate.fact(destination.key, 'sentinel-onboarding')
  const sentinel = onboarding?.ok && onboarding.value.onboarded ? reachBits.sentinel : 0
  return (isCentral(destination, context) ? reachBits.central : reachBits.workspace) | sentinel
}

function reachOf(flows: readonly Flow[], context: CheckContext): number {
  return flows.reduce((reach, { destination }) => reach | bitsOf(destination, context), 0)
}

/** Where each category arrives, and under the empty name what all required ones have in common. */
function reachByCategory(effective: EffectiveLogging, required: RequiredSet, context: CheckContext): Map<string, number> {
  const everything = reachOf(effective.openGroups.filter(({ group }) => group === 'alllogs').map(({ flow }) => flow), context)
  const auditGroup = reachOf(effective.openGroups.filter(({ group }) => group === 'audit').map(({ flow }) => flow), context)
  const of = (name: string): number => everything | reachOf(effective.categories.get(name.toLowerCase())?.flows ?? [], context)
  const byCategory = new Map<string, number>()
  for (const { name } of effective.profile.offered) byCategory.set(name, of(name))
  for (const { name } of effective.categories.values()) if (!effective.profile.byKey.has(name.toLowerCase())) byCategory.set(name, of(name))
  const asked = [...required.categories.map(of), ...required.anyOf.map((names) => names.reduce((reach, name) => reach | of(name), 0))].map((reach) => reach | auditGroup)
  if (asked.length === 0 && required.decidedBy === 'none') return byCategory
  const common = asked.length === 0 ? everything | auditGroup : asked.reduce((all, reach) => all & reach)
  byCategory.set('', common === 0 && asked.some((reach) => reach !== 0) ? reachBits.partly : common)
  return byCategory
}

/** Adds up where logs arrive, over some resources at a time. */
export class LogReachSum {
  private readonly rows = new Map<string, LogReachRow>()

  add(source: string, category: string, reach: number, subjects = 1): void {
    const key = `${source}|${category}|${reach}`
    const known = this.rows.get(key)
    if (known) known.subjects += subjects
    else this.rows.set(key, { source, category, reach, subjects })
  }

  addAll(source: string, byCategory: ReadonlyMap<string, number>, subjects = 1): void {
    for (const [category, reach] of byCategory) this.add(source, category, reach, subjects)
  }

  get all(): LogReachRow[] {
    return [...this.rows.values()]
  }
}

function addScope(subject: Subject, part: CheckContext, into: LogReachSum): void {
  const context = contextOfSubject(subject, part)
  const effective = effectiveLogging(subject.id, context)
  if (effective === undefined || effective.read === undefined) return
  const { type, required } = effective.profile
  if (effective.read.ok) into.addAll(type, reachByCategory(effective, required, context))
  else if (effective.read.reason !== 'gone' && effective.read.reason !== 'not-supported') into.add(type, '', unreadReach)
}

/** The security events of a machine, as data collection rules carry them. */
function addMachine(subject: Subject, context: CheckContext, into: LogReachSum): void {
  const asked = askMachine(subject, context)
  if (asked === undefined || 'judgement' in asked) return
  const { machine } = asked
  const systems = machine.os === null ? [] : [machine.os]
  for (const os of systems) {
    const source = os === 'Windows' ? machineSources.windows : machineSources.linux
    const delivery = agentState(machine) === 'works' ? deliveryTo(machine, os, 'security', context) : null
    if (delivery === null) into.add(source, '', 0)
    else if ('verdict' in delivery) into.add(source, '', unreadReach)
    else if (delivery.delivered.length === 0 && delivery.unread.length > 0) into.add(source, '', unreadReach)
    else into.add(source, '', delivery.delivered.reduce((reach, { workspace }) => reach | bitsOf(workspace, context), 0))
  }
}

/** Where the logs of this part of the estate arrive, by source and category, over stored facts alone. */
export function logReach(part: CheckContext, into = new LogReachSum()): LogReachRow[] {
  const alike = new Map<ComparedLogging, { source: string; context: CheckContext; subjects: number }>()
  for (const resource of part.estate.resources) {
    const subject: Subject = { kind: 'resource', id: resource.id, resource }
    const context = contextOfSubject(subject, part)
    const logging = resourceLogging(resource, context)
    if (logging.state === 'read') {
      const known = alike.get(logging)
      if (known) known.subjects += 1
      else alike.set(logging, { source: resource.type, context, subjects: 1 })
    } else if (logging.state === 'settled' && logging.judgement.verdict === 'unknown') into.add(resource.type, '', unreadReach)
    addMachine(subject, context, into)
  }
  for (const [{ effective, required }, { source, context, subjects }] of alike) into.addAll(source, reachByCategory(effective, required, context), subjects)
  for (const scope of scopesOf(part)) addScope(scope, part, into)
  return into.all
}
