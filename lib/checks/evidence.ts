import type { Evidence } from '@/lib/domain/finding'
import type { DiagnosticSetting } from '@/lib/domain/estate'
import type { CheckContext } from '@/lib/domain/check'
import { destinationsOfSetting, isCentral } from './destination'
import type { EffectiveLogging } from './effective-logging'
import type { RequiredSet } from './required-categories'

function entriesOf(setting: DiagnosticSetting, enabled: boolean): string[] {
  return setting.logs
    .filter((entry) => entry.enabled === enabled)
    .map((entry) => (entry.categoryGroup ? `group:${entry.categoryGroup}` : (entry.category ?? '')))
    .sort()
}

function settingEvidence(setting: DiagnosticSetting, context: CheckContext): Evidence {
  const off = entriesOf(setting, false)
  return {
    name: setting.name,
    logs: entriesOf(setting, true),
    ...(off.length > 0 && { switchedOff: off }),
    ...(setting.metricsEnabled > 0 && { metricsEnabled: setting.metricsEnabled }),
    ...(setting.logAnalyticsDestinationType && { logAnalyticsDestinationType: setting.logAnalyticsDestinationType }),
    destinations: destinationsOfSetting(setting, context).map((destination) => destination.id),
  }
}

function destinationEvidence(effective: EffectiveLogging, context: CheckContext): Evidence[] {
  const seen = new Map<string, Evidence>()
  for (const setting of effective.settings) {
    for (const destination of destinationsOfSetting(setting, context)) {
      if (seen.has(destination.key)) continue
      seen.set(destination.key, { id: destination.id, kind: destination.kind, state: destination.state, central: isCentral(destination, context) })
    }
  }
  return [...seen].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, evidence]) => evidence)
}

const made = new WeakMap<EffectiveLogging, Evidence>()

/** The settings as read and the state of each destination; shared by the checks on one subject. */
export function loggingEvidence(effective: EffectiveLogging, context: CheckContext): Evidence {
  const known = made.get(effective)
  if (known) return known
  const evidence = {
    settings: effective.settings.map((setting) => settingEvidence(setting, context)),
    destinations: destinationEvidence(effective, context),
    ...(effective.transformations.length > 0 && { transformations: effective.transformations }),
  }
  made.set(effective, evidence)
  return evidence
}

const requiredMade = new WeakMap<RequiredSet, Evidence>()

/** The required set and the rule that decided it. */
export function requiredEvidence(required: RequiredSet): Evidence {
  const known = requiredMade.get(required)
  if (known) return known
  const evidence = {
    decidedBy: required.decidedBy,
    categories: required.categories,
    ...(required.anyOf.length > 0 && { oneOfEach: required.anyOf }),
    ...(required.why !== null && { why: required.why }),
  }
  requiredMade.set(required, evidence)
  return evidence
}
