import { nameOf, resourceGroupOf, subscriptionIdOf } from '@/lib/domain/arm-id'
import type { Remediation, RemediationContext, RemediationSubject } from '@/lib/domain/check'
import { totalDaysAsked } from '@/lib/domain/retention-days'
import { listInWords } from '../wording'
import { fieldsOf } from './evidence-fields'
import { notRead } from './kept'
import { bicepResource } from './object-text'
import { shellQuote, terraformString } from './quote'

/** What a container of logs lacks: a policy that is locked, days of one that is, or appends, which no locked policy can be given. */
interface Lacking {
  name: string
  days: number
  lacks: 'lock' | 'days' | 'appends'
}

const etagPlaceholder = '<etag that the command before answered>'

/** A locked policy on each container of logs that are kept nowhere else. What is locked can be made longer, and nothing else. */
export function remediateImmutability({ resourceId, judgement: { evidence } }: RemediationSubject, { policy }: RemediationContext): Remediation {
  const containers = lackingIn(evidence, totalDaysAsked(policy.retentionDays, ['audit-logging']))
  const made = containers.filter(({ lacks }) => lacks === 'lock')
  const longer = containers.filter(({ lacks }) => lacks === 'days')
  const stuck = containers.filter(({ lacks }) => lacks === 'appends').map(({ name }) => name)
  const account = `--subscription ${shellQuote(subscriptionIdOf(resourceId) ?? '')} --resource-group ${shellQuote(resourceGroupOf(resourceId) ?? '')} --account-name ${shellQuote(nameOf(resourceId))}`
  const container = (name: string): string => `${account} \\\n  --container-name ${shellQuote(name)}`
  const commands = [
    ...made.flatMap(({ name, days }) => [
      `az storage container immutability-policy create ${container(name)} --period ${days} --allow-protected-append-writes-all true`,
      `az storage container immutability-policy lock ${container(name)} --if-match '${etagPlaceholder}'`,
    ]),
    ...longer.flatMap(({ name, days }) => [
      `az storage container immutability-policy show ${container(name)}`,
      `az storage container immutability-policy extend ${container(name)} --period ${days} --if-match '${etagPlaceholder}'`,
    ]),
  ]
  return {
    summary: [
      ...(made.length > 0 || containers.length === 0 ? ['Put an immutability policy that allows appends on each container of logs, and lock it. A locked policy cannot be taken off or shortened by anyone: try it unlocked first.'] : []),
      ...(longer.length > 0 ? ['Extend the policy that is locked already. That cannot be undone, and Azure takes it five times at most.'] : []),
      ...(containers.length === 0 ? [notRead] : []),
      ...(stuck.length > 0 ? [`The locked policy of ${listInWords(stuck)} cannot be changed to allow appends: send the logs to another account.`] : []),
    ].join(' '),
    ...(commands.length > 0 && { azureCli: commands.join('\n') }),
    // What is locked is extended by an act of its own, which is no setting of the policy.
    ...(made.length > 0 && { bicep: bicep(resourceId, made), terraform: terraform(resourceId, made) }),
    portal: 'Open the storage account, Containers, the container, Access policy, Add policy, Time-based retention; then Lock policy.',
  }
}

function bicep(accountId: string, made: readonly Lacking[]): string {
  return [
    '// Locking is an act of its own, which Bicep does not know: lock with the command, once this policy has proven itself.',
    ...made.map(({ name, days }, index) => bicepResource({
      symbol: `policy${index}`, type: 'Microsoft.Storage/storageAccounts/blobServices/containers/immutabilityPolicies@2023-05-01',
      body: { name: `${nameOf(accountId)}/default/${name}/default`, properties: { immutabilityPeriodSinceCreationInDays: days, allowProtectedAppendWritesAll: true } },
    })),
  ].join('\n\n')
}

function terraform(accountId: string, made: readonly Lacking[]): string {
  return [
    '# A lock can never be undone: apply with locked = false first.',
    ...made.map(({ name, days }, index) => [
      `resource "azurerm_storage_container_immutability_policy" "logs${index}" {`,
      `  storage_container_resource_manager_id = ${terraformString(`${accountId}/blobServices/default/containers/${name}`)}`,
      `  immutability_period_in_days           = ${days}`,
      '  protected_append_writes_all_enabled   = true',
      '  locked                                = true',
      '}',
    ].join('\n')),
  ].join('\n\n')
}

function lackingIn(evidence: RemediationSubject['judgement']['evidence'], daysOfPolicy: number): Lacking[] {
  const list = evidence?.containers
  const ofAccount = JSON.stringify(evidence?.accountPolicy ?? null)
  return (Array.isArray(list) ? list : []).flatMap((one: unknown): Lacking[] => {
    const { container: name, requiredDays: asked, policy } = fieldsOf(one)
    const { state, allowsAppends, days: own } = fieldsOf(policy)
    if (typeof name !== 'string') return []
    const days = typeof asked === 'number' ? asked : daysOfPolicy
    // What a container has from its account it has not itself, and its own comes first.
    if (String(state).toLowerCase() !== 'locked' || JSON.stringify(policy) === ofAccount) return isEnough(policy, days) ? [] : [{ name, days: typeof own === 'number' ? Math.max(own, days) : days, lacks: 'lock' }]
    if (allowsAppends !== true) return [{ name, days, lacks: 'appends' }]
    return isEnough(policy, days) ? [] : [{ name, days, lacks: 'days' }]
  })
}

function isEnough(policy: unknown, askedDays: number): boolean {
  const { state, days, allowsAppends } = fieldsOf(policy)
  return String(state).toLowerCase() === 'locked' && allowsAppends === true && (typeof days !== 'number' || days >= askedDays)
}
