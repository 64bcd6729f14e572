/**
 * The commands of Azure CLI that remediations use, with the options that its reference documents and those it requires (marked `!`).
 * Source: learn.microsoft.com/cli/azure. `--subscription`, `--output`, `--query` and `--ids` are taken by every command that names a resource.
 */
const azCommands: Readonly<Record<string, string>> = {
  'az connectedmachine extension create': '--machine-name! --name! --resource-group! --location! --publisher --type --enable-auto-upgrade --settings',
  'az connectedmachine extension delete': '--machine-name! --name! --resource-group! --yes',
  'az connectedmachine run-command create': '--machine-name! --name! --resource-group! --location --script',
  'az containerapp env update': '--name! --resource-group! --logs-destination --logs-workspace-id --logs-workspace-key',
  'az dns-resolver policy create': '--name! --resource-group! --location --tags',
  'az dns-resolver policy vnet-link create': '--name! --policy-name! --resource-group! --location --virtual-network!',
  'az extension add': '--name --upgrade',
  'az group create': '--name! --location! --managed-by --tags',
  'az lock create': '--lock-type! --name! --resource --resource-group --notes --resource-type',
  'az monitor activity-log alert create': '--name! --resource-group! --condition --scope --action-group --description --disable',
  'az monitor data-collection rule association create': '--name! --resource! --rule-id --endpoint-id --description',
  'az monitor data-collection rule create': '--name! --resource-group! --location --kind --rule-file --data-flows --destinations --description',
  'az monitor diagnostic-settings create': '--name! --resource! --workspace --logs --metrics --storage-account --event-hub --event-hub-rule --export-to-resource-specific',
  'az monitor diagnostic-settings subscription create': '--name! --location! --workspace --logs --storage-account --event-hub-name --event-hub-auth-rule',
  'az monitor app-insights component update': '--app! --resource-group! --workspace --kind --retention-time --ingestion-access --query-access',
  'az monitor log-analytics workspace table update': '--name! --workspace-name! --resource-group! --retention-time --total-retention-time --plan',
  'az monitor log-analytics workspace update': '--workspace-name! --resource-group! --quota --retention-time --ingestion-access --query-access --set',
  'az mysql flexible-server parameter set': '--name! --resource-group --server-name --value --source',
  'az network firewall update': '--name! --resource-group! --enable-dns-proxy --dns-servers',
  'az network firewall policy update': '--name! --resource-group! --enable-dns-proxy --dns-servers',
  'az network watcher configure': '--locations! --enabled --resource-group --tags',
  'az network watcher flow-log create': '--name! --location! --vnet --nsg --storage-account --workspace --traffic-analytics --interval --enabled --retention --resource-group',
  'az network watcher flow-log update': '--name! --location! --vnet --nsg --storage-account --workspace --traffic-analytics --interval --enabled --retention --resource-group',
  'az policy assignment create': '--name --policy --policy-set-definition --scope --params --display-name --location --mi-system-assigned --identity-scope --role --enforcement-mode',
  'az postgres flexible-server parameter set': '--name! --resource-group --server-name --value --source',
  'az resource show': '--ids',
  'az resource update': '--ids --set! --add --remove --api-version --latest-include-preview',
  'az rest': '--method --url! --body --headers',
  'az role assignment create': '--role! --scope! --assignee --assignee-object-id --assignee-principal-type',
  'az security alert list': '--location --resource-group',
  'az security contact create': '--name! --emails --alert-notifications --notifications-by-role --phone',
  'az security pricing create': '--name! --tier! --subplan --extensions',
  'az security setting update': '--name! --enabled!',
  'az sql server ms-support audit-policy update': '--name! --resource-group! --state --log-analytics-target-state --log-analytics-workspace-resource-id --blob-storage-target-state --storage-account',
  'az sql server audit-policy update': '--name! --resource-group! --state --log-analytics-target-state --log-analytics-workspace-resource-id --actions --retention-days --blob-storage-target-state --storage-account --storage-endpoint --set',
  'az storage container immutability-policy create': '--account-name! --container-name! --resource-group --period --allow-protected-append-writes --allow-protected-append-writes-all --if-match',
  'az storage container immutability-policy extend': '--account-name! --container-name! --if-match! --resource-group --period',
  'az storage container immutability-policy lock': '--account-name! --container-name! --if-match! --resource-group',
  'az storage container immutability-policy show': '--account-name! --container-name! --resource-group',
  'az storage account update': '--ids! --bypass',
  'az storage account management-policy update': '--account-name! --resource-group! --set!',
  'az vm extension delete': '--name! --vm-name! --resource-group!',
  'az vm extension set': '--name! --vm-name! --resource-group! --publisher! --enable-auto-upgrade --version --settings',
  'az vm identity assign': '--name! --resource-group! --identities --role --scope',
  'az vm run-command invoke': '--command-id! --name! --resource-group! --scripts --parameters',
  'az vmss extension delete': '--name! --vmss-name! --resource-group!',
  'az vmss extension set': '--name! --vmss-name! --resource-group! --publisher! --enable-auto-upgrade --version --settings',
  'az vmss identity assign': '--name! --resource-group! --identities',
  'az vmss update-instances': '--name! --resource-group! --instance-ids!',
}

const everywhere = new Set(['--subscription', '--output', '--query', '--ids'])

/** What a command asks of its options together, by the sources of Azure CLI. */
const together: Readonly<Record<string, (valueOf: (option: string) => string | undefined) => string | null>> = {
  'az sql server audit-policy update': (valueOf) => {
    const [state, blob, analytics, days] = ['--state', '--blob-storage-target-state', '--log-analytics-target-state', '--retention-days'].map(valueOf)
    if (state === undefined && blob === undefined && analytics === undefined && days === undefined) return 'wants a state or a target'
    if (state === 'Enabled' && blob === undefined && analytics === undefined) return 'wants a target of what is enabled'
    if (blob === 'Enabled' && valueOf('--storage-account') === undefined && valueOf('--storage-endpoint') === undefined) return 'wants the storage account'
    if (days !== undefined && blob === undefined) return 'takes retention days of a storage target alone'
    return days === undefined || (Number(days) > 0 && Number(days) < 3285) ? null : 'takes 1 to 3284 days'
  },
}

/** What is wrong with a command of Azure CLI; null when every option is a documented one and none that is required is missing. */
export function wrongWithAz(words: readonly string[]): string | null {
  const firstOption = words.findIndex((word) => word.startsWith('-'))
  const command = words.slice(0, firstOption < 0 ? undefined : firstOption).join(' ')
  const known = azCommands[command]
  if (known === undefined) return `${command} is not in the table of documented commands (lib/checks/testing/grammar/az-commands.ts)`
  const options = known.split(' ')
  const given = words.filter((word) => /^--[a-zA-Z]/.test(word))
  const strange = given.find((option) => !everywhere.has(option) && !options.some((one) => one.replace('!', '') === option))
  if (strange !== undefined) return `${command} takes no ${strange}`
  const doubled = given.find((option, index) => given.indexOf(option) !== index)
  if (doubled !== undefined) return `${command} has ${doubled} twice`
  const missing = given.includes('--ids') ? undefined : options.find((one) => one.endsWith('!') && !given.includes(one.replace('!', '')))
  if (missing !== undefined) return `${command} wants ${missing}`
  const unfit = together[command]?.((option) => (words.includes(option) ? words[words.indexOf(option) + 1] : undefined)) ?? null
  if (unfit !== null) return `${command} ${unfit}`
  return words.some((word, index) => /^--[a-z]/.test(word) && (words[index + 1] === undefined || words[index + 1]?.startsWith('--'))) && !/--(?:disable|yes|upgrade)$/.test(words.at(-1) ?? '')
    ? `${command} has an option without a value`
    : null
}
