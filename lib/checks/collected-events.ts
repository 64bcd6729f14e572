import { nameOf } from '@/lib/domain/arm-id'
import type { CheckContext } from '@/lib/domain/check'
import type { CollectionRule, RuleAssociation } from '@/lib/domain/estate'
import type { Evidence, Judgement } from '@/lib/domain/finding'
import { counts, destinationOf, isCentral, readActionOf, refusalEvidence, type Destination } from './destination'
import { channelOf } from './event-xpath'
import { tableOfStream } from './log-key-points'
import { kindEvidence, type Machine } from './machine'
import { passesOn } from './transformation'
import { unreadJudgement } from './unread'

type Unknown = Extract<Judgement, { verdict: 'unknown' }>

/** One source of a rule whose stream reaches at least one workspace that takes data. */
export interface DeliveredSource {
  rule: CollectionRule
  /** The source's XPath queries of Windows events. */
  queries: string[]
  facilities: string[]
  levels: string[]
  /** Patterns of text files, where that is what the source takes. */
  files: string[]
  /** What it fills there; null where no source says. */
  table: string | null
  workspace: Destination
  /** A transformation that may drop rows; null for none. */
  transform: string | null
}

/** What the rules of one machine bring to live workspaces. */
export interface Delivery {
  delivered: DeliveredSource[]
  /** Rules and destinations that could not be looked at: with them the machine may be better off. */
  unread: Unknown[]
  /** Why a rule or a source brings nothing, in words that follow "because". */
  faults: string[]
  evidence: Evidence
}

const windowsStreams = new Set(['microsoft-securityevent', 'microsoft-event', 'microsoft-windowsevent'])
const linuxStreams = new Set(['microsoft-syslog'])

interface Source {
  streams: string[]
  queries: string[]
  facilities: string[]
  levels: string[]
  files: string[]
}

/** The sources of one kind of operating system. A Windows source counts by its channel; `audit` of Linux takes the files of auditd too. */
function sourcesOf(rule: CollectionRule, os: 'Windows' | 'Linux', channel: string): Source[] {
  if (os === 'Linux') {
    const syslog = rule.syslog.map(({ streams, facilities, levels }) => ({ streams, facilities, levels, queries: [], files: [] }))
    const files = rule.logFiles.filter(({ filePatterns }) => channel === 'audit' && filePatterns.some((pattern) => /audit/i.test(pattern)))
    return [...syslog, ...files.map(({ streams, filePatterns }) => ({ streams, facilities: [], levels: [], queries: [], files: filePatterns }))]
  }
  return rule.windowsEvents
    .map(({ streams, xPathQueries }) => ({ streams, queries: xPathQueries.filter((query) => channelOf(query) === channel), facilities: [], levels: [], files: [] }))
    .filter(({ queries }) => queries.length > 0)
}

/**
 * What arrives of one channel (`security`) of Windows, or of syslog (`audit`: and of the files of auditd), through the rules associated with a machine; or why that
 * cannot be said. A rule counts where a flow takes the source's stream to a workspace that exists.
 */
export function deliveryTo(machine: Machine, os: 'Windows' | 'Linux', channel: string, context: CheckContext): Delivery | Unknown {
  const read = context.estate.fact(machine.id, 'rule-associations')
  if (!read?.ok) return unreadJudgement('The associations of data collection rules', read, 'Microsoft.Insights/dataCollectionRuleAssociations/read')
  const delivery: Delivery = { delivered: [], unread: [], faults: [], evidence: {} }
  const rules: Evidence[] = []
  for (const association of sorted(read.value)) {
    if (association.ruleId === null) continue
    const rule = context.estate.fact(association.ruleId, 'collection-rule')
    if (rule?.ok) {
      rules.push(takeRule(rule.value, os, channel, context, delivery))
    } else if (rule !== undefined && rule.reason === 'gone') {
      delivery.faults.push(`the rule ${nameOf(association.ruleId)} no longer exists`)
      rules.push({ id: association.ruleId, state: 'deleted' })
    } else {
      const unread = unreadJudgement(`The contents of the data collection rule ${nameOf(association.ruleId)}`, rule, 'Microsoft.Insights/dataCollectionRules/read')
      delivery.unread.push({ ...unread, evidence: { ...unread.evidence, ...refusalEvidence({ permission: unread.permission, refusedOn: association.ruleId }) } })
      rules.push({ id: association.ruleId, state: 'unread' })
    }
  }
  if (rules.length === 0) delivery.faults.push(withoutRule(read.value))
  delivery.evidence = { ...kindEvidence(machine), associations: read.value.map(({ name }) => name).sort(), rules }
  return delivery
}

function sorted(associations: readonly RuleAssociation[]): RuleAssociation[] {
  return [...associations].sort((a, b) => ((a.ruleId ?? '').toLowerCase() < (b.ruleId ?? '').toLowerCase() ? -1 : 1))
}

function withoutRule(associations: readonly RuleAssociation[]): string {
  return associations.length === 0 ? 'no data collection rule is associated with it' : 'its only association names an endpoint and no data collection rule'
}

function takeRule(rule: CollectionRule, os: 'Windows' | 'Linux', channel: string, context: CheckContext, into: Delivery): Evidence {
  const sources = sourcesOf(rule, os, channel)
  const what = os === 'Windows' ? `the ${channel === 'security' ? 'Security' : channel} channel` : 'syslog'
  if (sources.length === 0) into.faults.push(`the rule ${rule.name} does not collect ${what}`)
  const seen: Evidence[] = []
  for (const source of sources) seen.push(takeSource(rule, source, os, what, context, into))
  return { id: rule.id, sources: seen }
}

function takeSource(rule: CollectionRule, source: Source, os: 'Windows' | 'Linux', what: string, context: CheckContext, into: Delivery): Evidence {
  const known = os === 'Windows' ? windowsStreams : linuxStreams
  const streams = source.streams.filter((stream) => source.files.length > 0 || known.has(stream.toLowerCase()))
  const destinations: Evidence[] = []
  const before = into.faults.length + into.unread.length + into.delivered.length
  for (const stream of streams) {
    for (const flow of rule.flows.filter((each) => each.streams.some((name) => name.toLowerCase() === stream.toLowerCase()))) {
      for (const { workspaceId } of rule.workspaces.filter(({ name }) => flow.destinations.some((each) => each.toLowerCase() === name.toLowerCase()))) {
        const workspace = destinationOf(workspaceId, 'workspace', context)
        const transform = meaningful(flow.transformKql)
        const table = tableOfStream(stream, flow.outputStream)
        destinations.push({ stream, workspace: workspace.id, state: workspace.state, central: isCentral(workspace, context), ...(flow.outputStream !== undefined && { table }), ...(transform !== null && { transformKql: transform }) })
        if (counts(workspace)) into.delivered.push({ rule, ...source, table, workspace, transform })
        else if (workspace.state === 'unreadable') into.unread.push(unreadWorkspace(rule, workspace))
        else into.faults.push(`the rule ${rule.name} sends ${what} to ${nameOf(workspace.id)}, which ${workspace.state === 'deleted' ? 'no longer exists' : 'is not provisioned'}`)
      }
    }
  }
  if (before === into.faults.length + into.unread.length + into.delivered.length) into.faults.push(`no flow of the rule ${rule.name} takes ${what} to a workspace`)
  const described = os === 'Windows' ? { xPathQueries: source.queries } : source.files.length > 0 ? { files: source.files } : { facilities: source.facilities, levels: source.levels }
  return { streams: source.streams, ...described, destinations }
}

/** `source` alone passes every row on. */
function meaningful(transformKql: string | null): string | null {
  return transformKql === null || /^\s*source\s*$/i.test(transformKql) ? null : transformKql
}

function unreadWorkspace(rule: CollectionRule, workspace: Destination): Unknown {
  return {
    verdict: 'unknown',
    reasonCode: 'permission-denied',
    reason: `The data collection rule ${rule.name} sends to ${nameOf(workspace.id)}, which lies in a subscription that cannot be read.`,
    permission: readActionOf.workspace,
    evidence: { refusedOn: workspace.id },
  }
}

/** Whether what one facility of syslog (lower case) writes at level info arrives; null: a transformation decides it by more than that. */
export function facilityArrives(facility: string, delivered: readonly DeliveredSource[]): boolean | null {
  const carrying = delivered.filter((source) => namesOne(source.facilities, [facility, '*']) && namesOne(source.levels, ['debug', 'info', '*']))
  const rows = carrying.map(({ transform }) => passesOn(transform, { facility, severitylevel: 'info' }))
  return rows.includes(true) ? true : rows.includes(null) ? null : false
}

/** @param wanted in lower case. */
export function namesOne(names: readonly string[], wanted: readonly string[]): boolean {
  return names.some((name) => wanted.includes(name.toLowerCase()))
}

/** What a pass adds where rows may be dropped on the way. */
export function transformNote(sources: readonly DeliveredSource[]): string {
  return sources.every(({ transform }) => transform !== null) ? ', by way of a transformation that may drop some: look at it' : ''
}
