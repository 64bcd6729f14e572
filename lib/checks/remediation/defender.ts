import { subscriptionIdOf } from '@/lib/domain/arm-id'
import type { Remediation, RemediationSubject } from '@/lib/domain/check'
import type { Judgement } from '@/lib/domain/finding'
import { fieldsOf } from './evidence-fields'
import { bicepResource } from './object-text'
import { bicepString, shellQuote, terraformString } from './quote'

const mailPlaceholder = '<mail addresses of the security team, parted by semicolons>'
const severities = ['Low', 'Medium', 'High']

/** Turns one plan on. A plan costs by what it watches, which the summary says. */
export function remediateDefenderPlan(subject: RemediationSubject, plan: string, policy: Remediation['policy']): Remediation {
  const subscription = shellQuote(subscriptionIdOf(subject.resourceId) ?? '')
  return {
    summary: `Turn on the Defender plan ${plan} for the subscription. It is billed by what it watches, after a trial of 30 days.`,
    azureCli: `az security pricing create --subscription ${subscription} --name ${plan} --tier standard`,
    bicep: [
      "targetScope = 'subscription'",
      '',
      "resource plan 'Microsoft.Security/pricings@2024-01-01' = {",
      `  name: ${bicepString(plan)}`,
      '  properties: {',
      "    pricingTier: 'Standard'",
      '  }',
      '}',
    ].join('\n'),
    terraform: [
      'resource "azurerm_security_center_subscription_pricing" "plan" {',
      `  resource_type = ${terraformString(plan)}`,
      '  tier          = "Standard"',
      '}',
    ].join('\n'),
    ...(policy && { policy }),
    portal: 'Open Defender for Cloud, Environment settings, the subscription, Defender plans.',
  }
}

const scanning = 'OnUploadMalwareScanning'
const capName = 'CapGBPerMonthPerStorageAccount'
/** Azure's own proposal. */
const capGb = '5000'

/** Scanning of blobs on upload, with a cap on what it may cost. */
export function remediateMalwareScan({ resourceId }: RemediationSubject): Remediation {
  const subscription = shellQuote(subscriptionIdOf(resourceId) ?? '')
  return {
    summary: 'Turn on malware scanning in the plan for storage. It is billed by what it scans: the cap is in GB for each account and month.',
    azureCli: [
      `az security pricing create --subscription ${subscription} --name StorageAccounts --tier standard --subplan DefenderForStorageV2 \\`,
      `  --extensions name=${scanning} isEnabled=True additionalExtensionProperties='{"${capName}":"${capGb}"}'`,
    ].join('\n'),
    bicep: [
      "targetScope = 'subscription'",
      bicepResource({
        symbol: 'plan', type: 'Microsoft.Security/pricings@2024-01-01',
        body: {
          name: 'StorageAccounts',
          properties: { pricingTier: 'Standard', subPlan: 'DefenderForStorageV2', extensions: [{ name: scanning, isEnabled: 'True', additionalExtensionProperties: { [capName]: capGb } }] },
        },
      }),
    ].join('\n\n'),
    terraform: [
      'resource "azurerm_security_center_subscription_pricing" "storage" {',
      '  tier          = "Standard"',
      '  resource_type = "StorageAccounts"',
      '  subplan       = "DefenderForStorageV2"',
      '',
      '  extension {',
      `    name = "${scanning}"`,
      '    additional_extension_properties = {',
      `      ${capName} = "${capGb}"`,
      '    }',
      '  }',
      '}',
    ].join('\n'),
    policy: { id: '/providers/Microsoft.Authorization/policyDefinitions/cfdc5972-75b3-4418-8ae1-7f5c36839390', displayName: 'Configure Microsoft Defender for Storage to be enabled' },
    portal: 'Open Defender for Cloud, Environment settings, the subscription, Defender plans, Storage, Settings.',
  }
}

/** What the contact of a subscription tells already, and this must not take away: the lowest severity from which it tells, High at most, and its roles. */
function toldAlready({ evidence }: Judgement): { isThere: boolean; severity: string; roles: string[] } {
  const contacts = (Array.isArray(evidence?.contacts) ? evidence.contacts : []).map(fieldsOf)
  const named = new Set(contacts.map(({ minimalSeverity }) => String(minimalSeverity).toLowerCase()))
  const roles = contacts.flatMap(({ byRole, roles: own }) => (byRole === true && Array.isArray(own) ? own : [])).filter((role): role is string => typeof role === 'string')
  return { isThere: contacts.length > 0, severity: severities.find((one) => named.has(one.toLowerCase())) ?? 'High', roles: [...new Set(['Owner', ...roles])] }
}

/** A contact that is told of alerts from severity High on or a lower one, and the owners with it. */
export function remediateSecurityContact(subject: RemediationSubject, summary: string, policy: Remediation['policy']): Remediation {
  const subscription = shellQuote(subscriptionIdOf(subject.resourceId) ?? '')
  const { isThere, severity, roles } = toldAlready(subject.judgement)
  return {
    summary: isThere ? `${summary} A subscription has one contact, which this writes anew: name the addresses again that it has.`.trimStart() : summary,
    azureCli: [
      `az security contact create --subscription ${subscription} --name default`,
      `  --emails ${shellQuote(mailPlaceholder)}`,
      `  --alert-notifications ${shellQuote(JSON.stringify({ state: 'On', minimalSeverity: severity }))}`,
      `  --notifications-by-role ${shellQuote(JSON.stringify({ state: 'On', roles }))}`,
    ].join(' \\\n'),
    bicep: [
      "targetScope = 'subscription'",
      '',
      "resource contact 'Microsoft.Security/securityContacts@2023-12-01-preview' = {",
      "  name: 'default'",
      '  properties: {',
      '    isEnabled: true',
      `    emails: ${bicepString(mailPlaceholder)}`,
      '    notificationsSources: [',
      '      {',
      "        sourceType: 'Alert'",
      `        minimalSeverity: ${bicepString(severity)}`,
      '      }',
      '    ]',
      '    notificationsByRole: {',
      "      state: 'On'",
      `      roles: [${roles.map(bicepString).join(', ')}]`,
      '    }',
      '  }',
      '}',
    ].join('\n'),
    terraform: [
      'resource "azurerm_security_center_contact" "contact" {',
      '  name                = "default"',
      `  email               = ${terraformString(mailPlaceholder)}`,
      '  alert_notifications = true',
      '  alerts_to_admins    = true',
      '}',
    ].join('\n'),
    ...(policy && { policy }),
    portal: 'Open Defender for Cloud, Environment settings, the subscription, Email notifications.',
  }
}
