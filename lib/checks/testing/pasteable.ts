import { loadCatalog } from '@/lib/catalog'
import type { Check, Remediation } from '@/lib/domain/check'
import type { Finding } from '@/lib/domain/finding'
import type { Policy } from '@/lib/domain/policy'
import { wrongWithAz } from './grammar/az-commands'
import { wrongWithAzurerm } from './grammar/azurerm-arguments'
import { readBicep } from './grammar/bicep'
import { wrongWithBicep } from './grammar/bicep-resources'
import builtIn from './grammar/built-in-policies.json' with { type: 'json' }
import { readHcl } from './grammar/hcl'
import { readShell } from './grammar/shell'
import { workspaceId } from './literals'

/** A name that closes every kind of quotes and opens every kind of template. */
export const hostileName = `o'x"y\${z}%{w}$(v)\\u`

const catalogPolicies = new Set(loadCatalog().types().flatMap(({ policies }) => Object.values(policies)))
const builtInNames: Readonly<Record<string, string>> = builtIn.displayNames

function assertPasteable({ summary, azureCli, bicep, terraform, policy, portal }: Remediation): void {
  for (const text of [summary, azureCli, bicep, terraform, portal]) {
    if (text !== undefined && /undefined|\[object|NaN/.test(text)) throw new Error(`something was not filled in: ${text}`)
    if (text?.trim() === '') throw new Error('an empty kind of remediation')
  }
  if (azureCli !== undefined) for (const { words } of readShell(azureCli)) {
    if (words[0] === 'printf') continue
    const wrong = words[0] === 'az' ? wrongWithAz(words) : `no command of Azure CLI: ${words.join(' ')}`
    if (wrong !== null) throw new Error(`${wrong} in\n${azureCli}`)
  }
  if (bicep !== undefined) for (const resource of readBicep(bicep).resources) {
    const wrong = wrongWithBicep(resource)
    if (wrong !== null) throw new Error(`${wrong} in\n${bicep}`)
  }
  if (terraform !== undefined) for (const block of readHcl(terraform)) {
    const wrong = wrongWithAzurerm(block)
    if (wrong !== null) throw new Error(`${wrong} in\n${terraform}`)
  }
  if (policy !== undefined) {
    const id = /^\/providers\/Microsoft\.Authorization\/policyDefinitions\/([0-9a-f-]{36})$/.exec(policy.id)?.[1] ?? ''
    if (!catalogPolicies.has(id) && builtInNames[id] !== policy.displayName) throw new Error(`no built-in policy ${policy.id} is called ${policy.displayName}, but ${builtInNames[id] ?? 'none'}`)
  }
}

/** The same text everywhere with a name in it replaced, in ids and in the evidence alike. */
function renamed<T>(value: T, name: string, to: string): T {
  return JSON.parse(JSON.stringify(value), (_, inner: unknown) => (typeof inner === 'string' ? inner.replaceAll(name, () => to) : inner)) as T
}

/** Proves that what a finding tells to do can be pasted, also where the resource and the workspace have a hostile name; gives what it tells. */
export function expectPasteable(check: Check, finding: Finding, policy: Policy): Remediation {
  const context = { centralWorkspaceIds: [workspaceId('central')], policy, catalog: loadCatalog() }
  const remediation = check.remediate(finding, context)
  assertPasteable(remediation)
  assertPasteable(check.remediate(finding, { ...context, centralWorkspaceIds: [] }))
  const hostile = { ...renamed(finding, finding.resourceName, hostileName), resourceType: finding.resourceType }
  assertPasteable(check.remediate(hostile, { ...context, centralWorkspaceIds: [workspaceId(hostileName)] }))
  return remediation
}
