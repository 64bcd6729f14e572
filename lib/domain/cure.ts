import { subscriptionIdOf } from './arm-id'
import type { ReasonCode } from './verdict'

export interface Cure {
  /** What to do, as a sentence. */
  sentence: string
  /** Azure CLI that does it; absent where no single command does. */
  command?: string
}

/** True where Azure did not let it be read: what is configured there is not known, so nothing says what to configure. */
export function isReadFailure(reasonCode: ReasonCode): boolean {
  return reasonCode === 'permission-denied' || reasonCode === 'throttled' || reasonCode === 'api-error'
}

/** What was judged and what could not be read of it. */
export interface Unread {
  reasonCode: ReasonCode
  permission: string | null
  /** Of what was judged; null for the tenant and management groups. */
  subscriptionId: string | null
  /** Id of what the permission is wanted on, where that is told: it may lie in another subscription. */
  refusedOn?: string | null
}

/** What would let the next scan read what this one could not. */
export function cureFor({ reasonCode, permission, subscriptionId, refusedOn = null }: Unread): Cure {
  switch (reasonCode) {
    case 'permission-denied': return grantFor(permission, subscriptionId, refusedOn)
    case 'throttled': return { sentence: 'Azure asked to slow down until the scan gave up. Run the scan again, at a quieter time.' }
    case 'api-error': return { sentence: 'Azure answered with an error. Run the scan again; if it stays, the detail of the finding names the answer.' }
    case 'not-onboarded': return { sentence: 'What would give this evidence is not switched on. The finding names what is missing.' }
    case 'unsupported': return { sentence: 'Azure does not tell this through its APIs. Decide by hand; the finding says what to look at.' }
  }
}

/** Actions on what logs are sent to or collected by, which seldom lies in the subscription of what sends them. */
const elsewhere = /^microsoft\.(eventhub\/namespaces\/.+|insights\/datacollectionrules\/read|operationalinsights\/workspaces\/read|storage\/storageaccounts\/read)$/i

/** True for a permission that is wanted on something whose subscription the finding's own does not tell. */
export function isWantedElsewhere(permission: string): boolean {
  return elsewhere.test(permission)
}

/** The subscription of an id, in lower case. People write ids in settings, and a command must hold nothing else of them. */
function subscriptionNamed(id: string): string | null {
  const named = subscriptionIdOf(id)
  return named !== null && /^[\w-]+$/.test(named) ? named : null
}

function grantFor(permission: string | null, subscriptionId: string | null, refusedOn: string | null): Cure {
  if (permission?.toLowerCase().startsWith('microsoft.aadiam/')) return reader('/providers/Microsoft.aadiam', 'the tenant (scope /providers/Microsoft.aadiam)')
  if (permission !== null && !permission.toLowerCase().endsWith('/read')) {
    return { sentence: `Grant the scanning identity a role that holds ${permission}.` }
  }
  const other = subscriptionNamed(refusedOn ?? '')
  if (other !== null && other !== subscriptionId?.toLowerCase()) return reader(`/subscriptions/${other}`, `the subscription ${other}, where it lies, or at a management group above it`)
  if (other === null && permission !== null && isWantedElsewhere(permission)) {
    return { sentence: `Grant the scanning identity Reader at the subscription of what could not be read, which the finding names, or at a management group above it: ${permission} is wanted there.` }
  }
  return subscriptionId === null
    ? { sentence: 'Grant the scanning identity Reader at the root management group.' }
    : reader(`/subscriptions/${subscriptionId}`, 'this subscription, or at a management group above it')
}

function reader(scope: string, where: string): Cure {
  return {
    sentence: `Grant the scanning identity Reader at ${where}.`,
    command: `az role assignment create --assignee "$AZURE_CLIENT_ID" --role Reader --scope ${scope}`,
  }
}
