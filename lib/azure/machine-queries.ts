/** Which data collection rule serves which machine. The table holds nothing else of use. */
export const associationsQuery = `insightsresources
| where type =~ 'microsoft.insights/datacollectionruleassociations'
| project id, name, ruleId = properties.dataCollectionRuleId, endpointId = properties.dataCollectionEndpointId
| order by id asc`

/** The sources, flows and workspaces of data collection rules; their counters and transformed columns stay away. */
export const collectionRulesQuery = `resources
| where type == 'microsoft.insights/datacollectionrules'
| project id, name, kind, windowsEventLogs = properties.dataSources.windowsEventLogs, syslog = properties.dataSources.syslog, workspaces = properties.destinations.logAnalytics, dataFlows = properties.dataFlows
| order by id asc`
