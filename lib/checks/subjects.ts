import type { CheckContext, Subject } from '@/lib/domain/check'

/** The subscription, or the management groups and the tenant: what is judged of this part of the estate besides resources. */
export function* scopesOf({ estate }: CheckContext): Generator<Subject> {
  const { subscription, judgesScopes } = estate
  if (!judgesScopes) return
  if (subscription) {
    yield { kind: 'subscription', id: `/subscriptions/${subscription.subscriptionId}`, subscription }
    return
  }
  for (const managementGroup of estate.managementGroups) yield { kind: 'management-group', id: managementGroup.id, managementGroup }
  yield { kind: 'tenant', id: `/tenants/${estate.tenantId}`, tenantId: estate.tenantId }
}

/** Everything of this part of the estate that can be asked about. */
export function* subjectsOf(context: CheckContext): Generator<Subject> {
  for (const resource of context.estate.resources) yield { kind: 'resource', id: resource.id, resource }
  yield* scopesOf(context)
}
