/** Nearly all requests are reads of settings. */
export const settingsAction = 'microsoft.insights/diagnosticsettings'

/** What a request is charged to. */
export interface Route {
  lane: string
  kind: 'subscription' | 'tenant' | 'writes' | 'graph'
  /** Lower case, `microsoft.insights/diagnosticsettings`: some actions have limits of their own. */
  action: string
}

/** Where the request for an absolute address belongs. */
export function routeOf(url: string): Route {
  const path = new URL(url).pathname.toLowerCase()
  if (path.startsWith('/providers/microsoft.resourcegraph/')) return { lane: 'graph', kind: 'graph', action: 'microsoft.resourcegraph/resources' }
  // Whether the envelope of a batch is charged at all is not known; questions to the tenant by POST are charged as writes.
  if (path === '/batch') return { lane: 'tenant writes', kind: 'writes', action: 'batch' }
  const provider = path.split('/providers/').at(-1) ?? ''
  const [namespace = '', ...rest] = provider.split('/')
  const action = [namespace, ...rest.filter((_, index) => index % 2 === 0)].join('/')
  const subscription = /^\/subscriptions\/([^/]+)/.exec(path)?.[1]
  return subscription === undefined
    ? { lane: 'tenant', kind: 'tenant', action }
    : { lane: `subscription ${subscription}`, kind: 'subscription', action }
}

/** The top-level resource that a request is about, with the subscription or the tenant for what lies above: parts of a resource are out of order together. */
export function resourceOf(url: string): string {
  return new URL(url).pathname.toLowerCase().split('/').slice(0, 9).join('/')
}
