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

/** What would let the next scan read what this one could not. */
export function cureFor(reasonCode: ReasonCode, permission: string | null, subscriptionId: string | null): Cure {
  switch (reasonCode) {
    case 'permission-denied': return grantFor(permission, subscriptionId)
    case 'throttled': return { sentence: 'Azure asked to slow down until the scan gave up. Run the scan again, at a quieter time.' }
    case 'api-error': return { sentence: 'Azure answered with an error. Run the scan again; if it stays, the detail of the finding names the answer.' }
    case 'not-onboarded': return { sentence: 'What would give this evidence is not switched on. The finding names what is missing.' }
    case 'unsupported': return { sentence: 'Azure does not tell this through its APIs. Decide by hand; the finding says what to look at.' }
  }
}

function grantFor(permission: string | null, subscriptionId: string | null): Cure {
  if (permission?.toLowerCase().startsWith('microsoft.aadiam/')) return reader('/providers/Microsoft.aadiam', 'the tenant (scope /providers/Microsoft.aadiam)')
  if (permission !== null && !permission.toLowerCase().endsWith('/read')) {
    return { sentence: `Grant the scanning identity a role that holds ${permission}.` }
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
