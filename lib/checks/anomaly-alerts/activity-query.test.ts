import { describe, expect, it } from 'vitest'
import { answerOf, type QueryAnswer } from './activity-query'
import { eventOf, watchedOperations } from './operations'

const operation = 'Microsoft.Network/networkSecurityGroups/write'
const event = eventOf(operation)

const cases: [QueryAnswer['kind'], string][] = [
  ['all', `AzureActivity | where OperationNameValue =~ '${operation}'`],
  ['all', `AzureActivity\n| where OperationNameValue =~ "${operation.toUpperCase()}"\n| where ActivityStatusValue =~ "Success"\n| project TimeGenerated, Caller, CallerIpAddress, ResourceGroup`],
  ['all', `let ops = dynamic(["${operation}", "x/delete"]);\nAzureActivity | where OperationNameValue in~ (ops)`],
  ['all', `AzureActivity | where OperationNameValue in~ ('x/write', '${operation}') and TimeGenerated > ago(1h)`],
  ['all', `AzureActivity // watched\n| where TimeGenerated between (ago(2h) .. now()) | where tolower(OperationNameValue) has_any (dynamic(['${operation}']))`],
  ['all', `AzureActivity | where OperationNameValue endswith 'networkSecurityGroups/write' or OperationNameValue endswith 'routeTables/write' | summarize count() by Caller`],
  ['all', "AzureActivity | where CategoryValue == 'Administrative'"],
  ['all', `AzureActivity | where ActivityStatusValue != 'Failure' and OperationNameValue contains 'networkSecurityGroups/' and OperationNameValue !endswith '/delete'`],
  ['all', `AzureActivity | where not(ActivityStatusValue == 'Start') and isnotempty(Caller) and OperationNameValue has '${operation}'`],
  ['all', `AzureActivity | extend Who = Caller | where (OperationNameValue =~ @'${operation}')`],
  ['other', "AzureActivity | where OperationNameValue =~ 'Microsoft.Network/networkSecurityGroups/delete'"],
  ['other', "AzureActivity | where OperationNameValue =~ 'Microsoft.Network/networkSecurityGroups/securityRules/write'"],
  ['other', `AzureActivity | where OperationNameValue !~ '${operation}'`],
  ['other', `AzureActivity | where OperationNameValue != '${operation}' and Caller == 'x'`],
  ['other', `AzureActivity | where OperationNameValue =~ 'x/write' // was ${operation}`],
  ['other', "AzureActivity | where CategoryValue == 'Policy'"],
  ['other', "AzureActivity | where Caller == 'x'"],
  ['other', 'Heartbeat | take 1'],
  ['some', `AzureActivity | where OperationNameValue =~ '${operation}' and ActivityStatusValue == 'Failure'`],
  ['some', `AzureActivity | where OperationNameValue =~ '${operation}' | where Level in ('Error', 'Critical')`],
  ['unclear', `AzureActivity | where OperationNameValue =~ '${operation}' and Caller != 'pipeline'`],
  ['unclear', `AzureActivity | where OperationNameValue =~ '${operation}' | where ResourceGroup == 'rg'`],
  ['unclear', `AzureActivity | where OperationNameValue =~ '${operation}' | summarize n = count() by Caller | where n > 5`],
  ['unclear', `AzureActivity | where OperationNameValue =~ '${operation}' | join kind=leftanti Known on Caller`],
  ['unclear', `union AzureActivity, X | where OperationNameValue =~ '${operation}'`],
  ['unclear', `AzureActivity | extend OperationNameValue = tostring(parse_json(Properties).x) | where OperationNameValue =~ '${operation}'`],
  ['unclear', "AzureActivity | where OperationNameValue in~ (_GetWatchlist('operations'))".replace("'operations'", 'operations')],
  ['unclear', `AzureActivity | where OperationNameValue matches regex '${operation}'`],
  ['unclear', `AzureActivity | where hourofday(TimeGenerated) < 6 and OperationNameValue =~ '${operation}'`],
  ['unclear', `AzureActivity | where ((( '${operation}'`],
]

describe('a query on AzureActivity', () => {
  it.each(cases)('is for %s: %s', (kind, query) => {
    expect(answerOf(query, event).kind).toBe(kind)
  })

  it('names what narrows it', () => {
    expect(answerOf(`AzureActivity | where OperationNameValue =~ '${operation}' and ActivityStatusValue == 'Failure'`, event)).toEqual({ kind: 'some', narrowedBy: ['activitystatusvalue'] })
  })

  it('may ask for service health by its category', () => {
    const [health] = watchedOperations.find(({ slug }) => slug === 'service-health')?.events ?? []
    if (health === undefined) throw new Error('service health should have an event')
    expect(answerOf("AzureActivity | where CategoryValue == 'ServiceHealth'", health).kind).toBe('all')
    expect(answerOf("AzureActivity | where CategoryValue == 'Administrative'", health).kind).toBe('other')
    expect(answerOf("AzureActivity | where CategoryValue == 'ServiceHealth' and Properties_d.service == 'Compute'", health).kind).toBe('unclear')
  })
})
