import type { HclBlock } from './hcl'

/**
 * Arguments and blocks of the azurerm resources that remediations use; `!` marks those that are required, and those whose default would take something away.
 * Source: registry.terraform.io/providers/hashicorp/azurerm, version 4, and Azure/azapi, version 2.
 */
const resources: Readonly<Record<string, string>> = {
  azapi_resource: 'type! name parent_id location body tags schema_validation_enabled',
  azapi_update_resource: 'type! resource_id name parent_id body',
  azurerm_arc_machine_extension: 'name! location! arc_machine_id! publisher! type! automatic_upgrade_enabled settings',
  azurerm_log_analytics_workspace: 'name! resource_group_name! location! sku retention_in_days daily_quota_gb immediate_data_purge_on_30_days_enabled local_authentication_enabled internet_ingestion_enabled',
  azurerm_log_analytics_workspace_table: 'name! workspace_id! plan retention_in_days total_retention_in_days',
  azurerm_management_lock: 'name! scope! lock_level! notes',
  azurerm_monitor_aad_diagnostic_setting: 'name! log_analytics_workspace_id storage_account_id eventhub_authorization_rule_id enabled_log!',
  azurerm_monitor_activity_log_alert: 'name! resource_group_name! location! scopes! criteria! action enabled description',
  azurerm_monitor_data_collection_rule: 'name! resource_group_name! location! kind destinations! data_flow! data_sources',
  azurerm_monitor_data_collection_rule_association: 'name target_resource_id! data_collection_rule_id data_collection_endpoint_id',
  azurerm_monitor_diagnostic_setting: 'name! target_resource_id! log_analytics_workspace_id storage_account_id log_analytics_destination_type enabled_log enabled_metric',
  azurerm_mssql_server_extended_auditing_policy: 'server_id! enabled log_monitoring_enabled! storage_endpoint storage_account_subscription_id retention_in_days audit_actions_and_groups predicate_expression',
  azurerm_mssql_server_microsoft_support_auditing_policy: 'server_id! enabled log_monitoring_enabled blob_storage_endpoint storage_account_access_key storage_account_subscription_id',
  azurerm_mysql_flexible_server_configuration: 'name! resource_group_name! server_name! value!',
  azurerm_network_watcher_flow_log: 'name! network_watcher_name! resource_group_name! target_resource_id! storage_account_id! enabled! version location retention_policy! traffic_analytics',
  azurerm_network_watcher: 'name! resource_group_name! location! tags',
  azurerm_postgresql_flexible_server_configuration: 'name! server_id! value!',
  azurerm_private_dns_resolver: 'name! resource_group_name! location! virtual_network_id!',
  azurerm_resource_group_policy_assignment: 'name! resource_group_id! policy_definition_id! parameters location identity display_name enforce',
  azurerm_resource_policy_assignment: 'name! resource_id! policy_definition_id! parameters location identity',
  azurerm_security_center_automation: 'name! location! resource_group_name! scopes! source! action! enabled description tags',
  azurerm_security_center_contact: 'name! email! phone alert_notifications! alerts_to_admins!',
  azurerm_security_center_setting: 'setting_name! enabled!',
  azurerm_security_center_subscription_pricing: 'tier! resource_type subplan extension',
  azurerm_sentinel_alert_rule_fusion: 'name! log_analytics_workspace_id! alert_rule_template_guid! enabled source',
  azurerm_sentinel_alert_rule_scheduled: 'name! log_analytics_workspace_id! display_name! severity! query! query_frequency query_period trigger_operator trigger_threshold enabled description tactics techniques suppression_duration suppression_enabled incident event_grouping alert_details_override custom_details entity_mapping sentinel_entity_mapping alert_rule_template_guid alert_rule_template_version',
  azurerm_sentinel_log_analytics_workspace_onboarding: 'workspace_id! customer_managed_key_enabled',
  azurerm_sentinel_automation_rule: 'name! log_analytics_workspace_id! display_name! order! action_incident action_playbook condition enabled expiration triggers_on triggers_when',
  azurerm_storage_container_immutability_policy: 'storage_container_resource_manager_id! immutability_period_in_days! locked protected_append_writes_all_enabled protected_append_writes_enabled',
  azurerm_storage_management_policy: 'storage_account_id! rule',
  azurerm_virtual_machine_run_command: 'name! location! virtual_machine_id! source! parameter',
  azurerm_virtual_machine_extension: 'name! virtual_machine_id! publisher! type! type_handler_version! auto_upgrade_minor_version automatic_upgrade_enabled settings',
  azurerm_virtual_machine_scale_set_extension: 'name! virtual_machine_scale_set_id! publisher! type! type_handler_version! auto_upgrade_minor_version automatic_upgrade_enabled settings',
}

/** What is wrong with a resource of azurerm; null when it has what it must and nothing that the provider does not know. */
export function wrongWithAzurerm({ type, labels, arguments: given, blocks }: HclBlock): string | null {
  const [resource = ''] = labels
  if (type !== 'resource') return null
  const known = resources[resource]?.split(' ')
  if (known === undefined) return `${resource} is not in the table of documented resources (lib/checks/testing/grammar/azurerm-arguments.ts)`
  const names = new Set([...given, ...blocks.map((block) => block.type)])
  // Terraform itself knows this one for any resource.
  const strange = [...names].find((name) => name !== 'depends_on' && !known.some((one) => one.replace('!', '') === name))
  if (strange !== undefined) return `${resource} takes no ${strange}`
  const missing = known.find((one) => one.endsWith('!') && !names.has(one.replace('!', '')))
  return missing === undefined ? null : `${resource} wants ${missing}`
}
