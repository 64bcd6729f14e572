import { armError, authorizationFailed, ok } from '../answer'
import type { Call, Route } from '../call'
import { pageOf } from '../paging'
import type { ManagementGroupNode, SimulatedTenant } from '../tenant'

const prefix = '/providers/Microsoft.Management/managementGroups'

function entryOf(tenant: SimulatedTenant, group: ManagementGroupNode) {
  return {
    id: `${prefix}/${group.name}`,
    type: 'Microsoft.Management/managementGroups',
    name: group.name,
    properties: { tenantId: tenant.tenantId, displayName: group.displayName },
  }
}

/** A group without any right of the principal is in no list. */
function isRefused(tenant: SimulatedTenant, { name }: ManagementGroupNode): boolean {
  return !tenant.isGranted('Microsoft.Management/managementGroups/read') || tenant.refusesAll(`${prefix}/${name}`)
}

function refused({ principal, path }: Call) {
  return authorizationFailed(principal, 'Microsoft.Management/managementGroups/read', path)
}

/** Every level below a group, flat, groups before their members as the service lists them. */
function descendants(tenant: SimulatedTenant, name: string): unknown[] {
  const parent = { id: `${prefix}/${name}` }
  const groups = tenant.managementGroups.filter((each) => each.parent?.toLowerCase() === name.toLowerCase())
  const subscriptions = tenant.visibleSubscriptions.filter(
    (each) => tenant.placement.get(each.subscriptionId.toLowerCase())?.toLowerCase() === name.toLowerCase(),
  )
  return [
    ...groups.flatMap((group) => [
      {
        id: `${prefix}/${group.name}`,
        type: 'Microsoft.Management/managementGroups',
        name: group.name,
        properties: { displayName: group.displayName, parent },
      },
      ...descendants(tenant, group.name),
    ]),
    ...subscriptions.map((each) => ({
      id: each.id,
      type: '/subscriptions',
      name: each.subscriptionId,
      properties: { displayName: each.displayName, parent },
    })),
  ]
}

export const managementGroupRoutes: Route[] = [
  {
    kind: 'management-groups',
    method: 'GET',
    pattern: /^\/providers\/microsoft\.management\/managementGroups$/i,
    handle: ({ tenant, ...call }) =>
      pageOf(
        { ...call, tenant },
        tenant.managementGroups.filter((group) => !isRefused(tenant, group)).map((group) => entryOf(tenant, group)),
      ),
  },
  {
    kind: 'management-group',
    method: 'GET',
    pattern: /^\/providers\/microsoft\.management\/managementGroups\/([^/]+)$/i,
    handle: (call, [name = '']) => {
      const group = call.tenant.managementGroups.find((each) => each.name.toLowerCase() === name.toLowerCase())
      if (!group) return groupNotFound(name)
      return isRefused(call.tenant, group) ? refused(call) : ok(entryOf(call.tenant, group))
    },
  },
  {
    kind: 'management-group-descendants',
    method: 'GET',
    pattern: /^\/providers\/microsoft\.management\/managementGroups\/([^/]+)\/descendants$/i,
    handle: (call, [name = '']) => {
      const group = call.tenant.managementGroups.find((each) => each.name.toLowerCase() === name.toLowerCase())
      if (!group) return groupNotFound(name)
      if (isRefused(call.tenant, group)) return refused(call)
      const action = 'Microsoft.Management/managementGroups/descendants/read'
      if (!call.tenant.isGranted(action)) return authorizationFailed(call.principal, action, call.path)
      const top = Number(call.query.get('$top') ?? call.pageSize)
      return pageOf(call, descendants(call.tenant, group.name), top > 0 ? top : call.pageSize)
    },
  },
]

function groupNotFound(name: string) {
  return armError(404, 'NotFound', `The management group '${name}' could not be found.`)
}
