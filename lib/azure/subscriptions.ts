import { z } from 'zod'
import type { Collected } from '../domain/collected'
import type { Subscription } from '../domain/estate'
import { apiVersions } from './api-versions'
import { armPath, readPages } from './pages'
import { pageOf, parseAnswer, text, type Page } from './shape'
import type { Wire } from './wire/wire'

const subscription = z
  .object({ subscriptionId: z.string().min(1), displayName: text, state: text, tenantId: text })
  .transform((row): Subscription => ({
    subscriptionId: row.subscriptionId.toLowerCase(),
    displayName: row.displayName ?? row.subscriptionId,
    state: row.state ?? 'Enabled',
    tenantId: (row.tenantId ?? '').toLowerCase(),
  }))

const subscriptionPage = pageOf(subscription)

export function parseSubscriptions(status: number, body: unknown): Collected<Page<Subscription>> {
  return parseAnswer(status, body, subscriptionPage)
}

export function parseSubscription(status: number, body: unknown): Collected<Subscription> {
  return parseAnswer(status, body, subscription)
}

/** Every subscription that the identity can read, those of other tenants (Lighthouse) included. */
export async function listSubscriptions(wire: Wire): Promise<Collected<Subscription[]>> {
  return await readPages(wire, wire.get(`/subscriptions?api-version=${apiVersions.subscriptions}`), parseSubscriptions)
}

/** One subscription: `gone` or state `Deleted` when Azure deleted it, `permission-denied` when sight of it was lost. */
export async function getSubscription(wire: Wire, subscriptionId: string): Promise<Collected<Subscription>> {
  const answer = await wire.get(`${armPath(`subscriptions/${subscriptionId}`)}?api-version=${apiVersions.subscriptions}`)
  return answer.ok ? parseSubscription(answer.value.status, answer.value.body) : answer
}
