import { ok } from '../answer'
import type { Route } from '../call'
import { obstacle } from '../subject'
import type { FactKind } from '../tenant'

function subscriptionList(kind: FactKind, provider: string, type: string): Route {
  return {
    kind,
    method: 'GET',
    pattern: new RegExp(
      String.raw`^(\/subscriptions\/[^/]+)\/providers\/${provider.replace('.', String.raw`\.`)}\/${type}$`,
      'i',
    ),
    handle: (call, [subject = '']) =>
      obstacle(call, kind, subject, `${provider}/${type}/read`) ?? call.tenant.read(kind, subject) ?? ok({ value: [] }),
  }
}

/** Lists that belong to a subscription as a whole. */
export const subscriptionListRoutes: Route[] = [
  subscriptionList('pricings', 'Microsoft.Security', 'pricings'),
  subscriptionList('security-contacts', 'Microsoft.Security', 'securityContacts'),
  subscriptionList('auto-provisioning', 'Microsoft.Security', 'autoProvisioningSettings'),
  subscriptionList('dns-policies', 'Microsoft.Network', 'dnsResolverPolicies'),
]

function resourceList(kind: FactKind, suffix: string, action: string): Route {
  return {
    kind,
    method: 'GET',
    pattern: new RegExp(String.raw`^(.+)\/${suffix}$`, 'i'),
    handle: (call, [subject = '']) =>
      obstacle(call, kind, subject, action) ?? call.tenant.read(kind, subject) ?? ok({ value: [] }),
  }
}

/** Lists that belong to a machine or a DNS security policy. */
export const resourceListRoutes: Route[] = [
  resourceList(
    'dcr-associations',
    String.raw`providers\/microsoft\.insights\/dataCollectionRuleAssociations`,
    'Microsoft.Insights/dataCollectionRuleAssociations/read',
  ),
  resourceList(
    'guest-assignments',
    String.raw`providers\/microsoft\.guestconfiguration\/guestConfigurationAssignments`,
    'Microsoft.GuestConfiguration/guestConfigurationAssignments/read',
  ),
  resourceList('dns-links', 'virtualNetworkLinks', 'Microsoft.Network/dnsResolverPolicies/virtualNetworkLinks/read'),
  resourceList('dns-rules', 'dnsSecurityRules', 'Microsoft.Network/dnsResolverPolicies/dnsSecurityRules/read'),
]
