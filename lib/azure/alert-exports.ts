import { z } from 'zod'
import type { AlertExport } from '../domain/alerting'
import { flag, text } from './shape'

const rule = z.object({ propertyJPath: text, expectedValue: text, operator: text })

/** An automation of Defender for Cloud: continuous export is one whose actions are workspaces and event hubs. */
export const automation = z.object({
  isEnabled: flag,
  scopes: z.array(z.object({ scopePath: text })).nullish(),
  sources: z.array(z.object({ eventSource: text, ruleSets: z.array(z.object({ rules: z.array(rule).nullish() })).nullish() })).nullish(),
  actions: z.array(z.object({ actionType: text, workspaceResourceId: text, eventHubResourceId: text })).nullish(),
})

type Automation = z.infer<typeof automation>
type RuleSets = NonNullable<Automation['sources']>[number]['ruleSets']

/** The severities that sets of rules let through; null: all. A set that asks for more lets through no severity as a whole. */
function severitiesOf(ruleSets: RuleSets): string[] | null {
  if (!ruleSets || ruleSets.length === 0) return null
  return ruleSets.flatMap(({ rules }) => {
    const [only, ...more] = rules ?? []
    if (only === undefined || more.length > 0) return []
    return /(^|\.)severity$/i.test(only.propertyJPath ?? '') && /^equals$/i.test(only.operator ?? '') ? (only.expectedValue?.toLowerCase() ?? []) : []
  }).sort()
}

/** An export of alerts; null for an automation on other things. */
export function toAlertExport(id: string, { isEnabled, scopes, sources, actions }: Automation): AlertExport | null {
  const alerts = (sources ?? []).filter(({ eventSource }) => eventSource?.toLowerCase() === 'alerts')
  if (alerts.length === 0) return null
  const severities = alerts.map(({ ruleSets }) => severitiesOf(ruleSets))
  return {
    id,
    enabled: isEnabled !== false,
    scopes: (scopes ?? []).flatMap(({ scopePath }) => scopePath ?? []),
    severities: severities.includes(null) ? null : [...new Set(severities.flatMap((list) => list ?? []))].sort(),
    workspaceIds: idsOf(actions, 'workspace', ({ workspaceResourceId }) => workspaceResourceId),
    eventHubIds: idsOf(actions, 'eventhub', ({ eventHubResourceId }) => eventHubResourceId),
  }
}

type Action = NonNullable<Automation['actions']>[number]

function idsOf(actions: Automation['actions'], kind: string, idOf: (action: Action) => string | null): string[] {
  return (actions ?? []).flatMap((action) => (action.actionType?.toLowerCase() === kind ? (idOf(action) ?? []) : [])).sort()
}
