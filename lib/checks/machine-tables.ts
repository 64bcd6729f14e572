import { toResourceKey } from '@/lib/domain/arm-id'
import type { CheckContext, Subject } from '@/lib/domain/check'
import type { KeyPoint } from '@/lib/domain/key-point'
import { deliveryTo, namesOne, type DeliveredSource } from './collected-events'
import { memoByScan } from './context-memo'
import type { Destination } from './destination'
import { agentState, askMachine, type Machine } from './machine'
import { passesOn } from './transformation'

/** A table of security events that a machine's rules fill. */
export interface FilledTable {
  workspace: Destination
  table: string
  keyPoints: readonly KeyPoint[]
}

/** Machines under the same rules fill the same tables. */
const filledByRules = memoByScan(() => new Map<string, readonly FilledTable[]>())

/** Channels of Windows that hold security events, and what they serve. */
const channels: Readonly<Record<string, readonly KeyPoint[]>> = {
  security: ['os-security-logs', 'command-line-auditing'],
  'microsoft-windows-windows defender/operational': ['antimalware-logging'],
}
const ofSyslog: readonly KeyPoint[] = ['os-security-logs', 'command-line-auditing']

/** The tables that the security events of a machine go to; empty for whatever is no machine, has no working agent or could not be read. */
export function tablesFilled(subject: Subject, context: CheckContext): readonly FilledTable[] {
  const asked = askMachine(subject, context)
  if (asked === undefined || 'judgement' in asked) return []
  const { machine } = asked
  const read = context.estate.fact(machine.id, 'rule-associations')
  if (machine.os === null || agentState(machine) !== 'works' || !read?.ok) return []
  const rules = read.value.flatMap(({ ruleId }) => (ruleId === null ? [] : toResourceKey(ruleId))).sort()
  const key = `${machine.os} ${rules.join(' ')}`
  const known = filledByRules(context).get(key)
  if (known) return known
  const made = workOut(machine, machine.os, context)
  filledByRules(context).set(key, made)
  return made
}

function workOut(machine: Machine, os: 'Windows' | 'Linux', context: CheckContext): FilledTable[] {
  if (os === 'Linux') return filledBy(deliveryTo(machine, os, 'syslog', context), ofSyslog)
  return Object.entries(channels).flatMap(([channel, keyPoints]) => filledBy(deliveryTo(machine, os, channel, context), keyPoints))
}

function filledBy(delivery: ReturnType<typeof deliveryTo>, keyPoints: readonly KeyPoint[]): FilledTable[] {
  if ('verdict' in delivery) return []
  return delivery.delivered.flatMap((source) => {
    const { table, workspace, queries } = source
    return table === null || (queries.length === 0 && !carriesSignIns(source)) ? [] : [{ workspace, table, keyPoints }]
  })
}

const signInFacilities = ['auth', 'authpriv']

/** False where the source leaves out the facilities of sign-ins, or a transformation surely drops them. */
function carriesSignIns({ facilities, transform }: DeliveredSource): boolean {
  const taken = signInFacilities.filter((facility) => namesOne(facilities, [facility, '*']))
  return taken.some((facility) => passesOn(transform, { facility }) !== false)
}
