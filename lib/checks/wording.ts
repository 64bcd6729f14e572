import type { EffectiveLogging, IgnoredSetting } from './effective-logging'

/** `A`, `A and B`, `A, B and C`; beyond six the rest is counted. */
export function listInWords(names: readonly string[]): string {
  const shown = names.length > 7 ? [...names.slice(0, 6), `${names.length - 6} more`] : [...names]
  const last = shown.pop()
  return shown.length === 0 ? (last ?? '') : `${shown.join(', ')} and ${last ?? ''}`
}

/** Completes "the storage account … , ". */
export const closedInWords = 'whose firewall keeps out the services of Azure that write logs'

/** Of a check's rules: when it is unknown although the destination is there. */
export const untoldInWords = 'it is not told whether the destination takes and keeps them (by the firewall and the hubs of an event hub namespace, or a transformation of the workspace)'

function ignoredInWords({ setting, why, destination }: IgnoredSetting): string {
  switch (why) {
    case 'switched-off': return `'${setting}' has every log entry switched off`
    case 'metrics-only': return `'${setting}' sends metrics alone`
    case 'no-destination': return `'${setting}' names no destination`
    case 'destination-deleted': return `'${setting}' sends to ${lastSegment(destination)}, which no longer exists`
    case 'destination-not-ready': return `'${setting}' sends to ${lastSegment(destination)}, which is not provisioned`
    case 'destination-closed': return `'${setting}' sends to ${lastSegment(destination)}, ${closedInWords}`
    case 'transformed-away': return `'${setting}' sends to ${lastSegment(destination)}, whose own transformation drops what is required`
  }
}

function lastSegment(id: string | null): string {
  return id?.split('/').at(-1) ?? 'a destination'
}

/** Why no log arrives anywhere: what is wrong with each setting. */
export function whyNothing(effective: EffectiveLogging): string {
  if (effective.settings.length === 0) return 'there is no diagnostic setting'
  if (effective.ignored.length === 0) return 'no setting sends a log that is required'
  const only = effective.settings.length === 1 ? 'the only setting ' : ''
  return only + effective.ignored.map(ignoredInWords).join('; ')
}

/** `is` or `are` by number. */
/** The pronoun for a list that something happens to. */
export function them(list: readonly string[]): string {
  return list.length === 1 ? 'it' : 'them'
}

export function are(names: readonly unknown[]): string {
  return names.length === 1 ? 'is' : 'are'
}
