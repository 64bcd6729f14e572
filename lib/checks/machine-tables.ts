import { toResourceKey } from '@/lib/domain/arm-id'
import type { CheckContext, Subject } from '@/lib/domain/check'
import type { KeyPoint } from '@/lib/domain/key-point'
import { deliveryTo } from './collected-events'
import { memoByScan } from './context-memo'
import type { Destination } from './destination'
import { machineTables } from './log-key-points'
import { agentState, askMachine, type Machine } from './machine'

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
  return delivery.delivered.flatMap(({ stream, workspace, queries, facilities }) => {
    const table = machineTables[stream.toLowerCase()]
    const isSecurity = queries.length > 0 || facilities.some((facility) => /^(auth|authpriv|\*)$/i.test(facility))
    return table === undefined || !isSecurity ? [] : [{ workspace, table, keyPoints }]
  })
}
