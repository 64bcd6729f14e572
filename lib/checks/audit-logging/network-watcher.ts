import type { Check } from '@/lib/domain/check'
import { bicepResource } from '../remediation/object-text'
import { shellQuote, terraformString } from '../remediation/quote'
import { unreadJudgement } from '../unread'
import { listInWords } from '../wording'
import { networkWatcherMappings } from './mappings'

const networkRead = 'Microsoft.Network/networkWatchers/read'

/** Where Azure makes watchers by itself. */
const group = 'NetworkWatcherRG'

function regionOf(location: string): string {
  return location.replaceAll(' ', '').toLowerCase()
}

export const networkWatcher: Check = {
  id: 'network-watcher',
  version: 1,
  keyPoint: 'audit-logging',
  title: 'Network Watcher is on wherever there are networks',
  question: 'Does this subscription have a Network Watcher in each region where it has a virtual network?',
  why: 'Flow logs and packet captures of a region hang on its Network Watcher: where it was deleted, traffic cannot be logged.',
  severity: 'low',
  rules: {
    pass: 'Each region with a virtual network has a Network Watcher.',
    fail: 'Some region with a virtual network has none.',
    notApplicable: 'The subscription has no virtual network.',
    unknown: 'The subscription could not be read.',
  },
  sources: [{ title: 'Enable or disable Azure Network Watcher', url: 'https://learn.microsoft.com/azure/network-watcher/network-watcher-create' }],
  mappings: networkWatcherMappings,
  permissions: [networkRead, 'Microsoft.Network/virtualNetworks/read'],
  asks: ['subscription'],

  evaluate(subject, { estate }) {
    if (subject.kind !== 'subscription') return undefined
    const { subscriptionId, state } = subject.subscription
    if (state === 'Deleted') return { verdict: 'not-applicable', reason: 'The subscription is deleted.' }
    // What is stored of a subscription out of sight is of an earlier scan.
    if (!estate.destinations.canSee(subscriptionId)) {
      const read = estate.fact(subject.id, 'diagnostic-settings')
      return unreadJudgement('The networks of the subscription', read?.ok ? undefined : read, networkRead)
    }
    const regions = new Set<string>()
    const watched = new Set<string>()
    for (const { type, location } of estate.kinds) {
      if (type === 'microsoft.network/virtualnetworks') regions.add(regionOf(location))
      else if (type === 'microsoft.network/networkwatchers') watched.add(regionOf(location))
    }
    if (regions.size === 0) return { verdict: 'not-applicable', reason: 'The subscription has no virtual network.' }
    const missing = [...regions].filter((region) => !watched.has(region)).sort()
    const evidence = { regionsWithNetworks: [...regions].sort(), regionsWithWatcher: [...watched].sort(), ...(missing.length > 0 && { missing }) }
    return missing.length === 0
      ? { verdict: 'pass', reason: `A Network Watcher is in each region with a network: ${listInWords([...regions].sort())}.`, evidence }
      : { verdict: 'fail', reason: `No Network Watcher is in ${listInWords(missing)}, where the subscription has networks.`, evidence }
  },

  remediate({ resourceId, judgement }) {
    const missing = judgement.evidence?.missing
    const regions = Array.isArray(missing) && missing.length > 0 ? missing.map(String) : ['<region>']
    const subscription = shellQuote(resourceId.split('/').at(-1) ?? '')
    return {
      summary: `Turn Network Watcher on in each region with networks, in the resource group ${group}, where Azure itself puts it. Make the group first where it was deleted.`,
      azureCli: [
        '# Leave the group out where it is there.',
        `az group create --subscription ${subscription} --name ${group} --location ${shellQuote(regions[0] ?? '')}`,
        `az network watcher configure --subscription ${subscription} \\\n  --resource-group ${group} --locations ${regions.map(shellQuote).join(' ')} --enabled true`,
      ].join('\n'),
      bicep: [
        `// Deploy to the resource group ${group}, made first where it was deleted.`,
        ...regions.map((location, index) => bicepResource({ symbol: `watcher${index}`, type: 'Microsoft.Network/networkWatchers@2023-09-01', body: { name: `NetworkWatcher_${location}`, location, properties: {} } })),
      ].join('\n'),
      terraform: `# The resource group ${group} must be there: make it first where it was deleted.\n${regions.map((location, index) => [
        `resource "azurerm_network_watcher" "watcher${index}" {`,
        `  name                = ${terraformString(`NetworkWatcher_${location}`)}`,
        `  location            = ${terraformString(location)}`,
        `  resource_group_name = "${group}"`,
        '}',
      ].join('\n')).join('\n\n')}`,
      policy: { id: '/providers/Microsoft.Authorization/policyDefinitions/b6e2945c-0b7b-40f5-9233-7a5323b5cdc6', displayName: 'Network Watcher should be enabled' },
      portal: 'Open Network Watcher, Overview, and add the region.',
    }
  },
}
