/** Which data collection rule serves which machine. The table holds nothing else of use. */
export const associationsQuery = `insightsresources
| where type =~ 'microsoft.insights/datacollectionruleassociations'
| project id, name, ruleId = properties.dataCollectionRuleId, endpointId = properties.dataCollectionEndpointId
| order by id asc`

/** The sources, flows and workspaces of data collection rules; their counters and transformed columns stay away. */
export const collectionRulesQuery = `resources
| where type == 'microsoft.insights/datacollectionrules'
| project id, name, kind, windowsEventLogs = properties.dataSources.windowsEventLogs, syslog = properties.dataSources.syslog, logFiles = properties.dataSources.logFiles, workspaces = properties.destinations.logAnalytics, dataFlows = properties.dataFlows
| order by id asc`

/** Results of guest configuration, with the rules of the latest report. */
export const guestAssignmentsQuery = `guestconfigurationresources
| where type =~ 'microsoft.guestconfiguration/guestconfigurationassignments'
| project id, name, machine = properties.targetResourceId, configuration = properties.guestConfiguration.name, status = properties.complianceStatus, checked = properties.lastComplianceStatusChecked, rules = properties.latestAssignmentReport.resources
| order by id asc`

/** Defender's recommendations on endpoint protection, by words and by the keys of "EDR solution should be installed" and "EDR configuration issues", and whether its plan for servers is on. */
export const endpointProtectionQuery = `securityresources
| where (type =~ 'microsoft.security/assessments' and (name in~ ('06e3a6db-6c0c-4ad9-943f-31d9d73ecf6c', 'dc5357d0-3858-4d17-a1a3-072840bff5be') or properties.displayName contains 'EDR ' or properties.displayName contains 'endpoint')) or (type =~ 'microsoft.security/pricings' and name =~ 'VirtualMachines')
| project id, type, subscriptionId, displayName = properties.displayName, status = properties.status.code, machine = coalesce(tostring(properties.resourceDetails.Id), tostring(properties.resourceDetails.ResourceId)), tier = properties.pricingTier
| order by id asc`
