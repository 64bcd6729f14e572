import { z } from 'zod'
import { collected, type Collected } from '../domain/collected'
import type { LogContainer } from '../domain/estate'
import { apiVersions } from './api-versions'
import { armPath, readPages } from './pages'
import { flag, number, pageOf, parseAnswer, text, type Page } from './shape'
import type { Wire } from './wire/wire'

const policy = z.object({
  properties: z.object({ immutabilityPeriodSinceCreationInDays: number, state: text, allowProtectedAppendWrites: flag, allowProtectedAppendWritesAll: flag }).nullish(),
})

const container = z
  .object({ name: z.string(), properties: z.object({ immutabilityPolicy: policy.nullish() }).nullish() })
  .transform(({ name, properties }): LogContainer => {
    const found = properties?.immutabilityPolicy?.properties
    if (!found?.state) return { name, immutability: null }
    const allowsAppends = found.allowProtectedAppendWrites === true || found.allowProtectedAppendWritesAll === true
    return { name, immutability: { state: found.state, days: found.immutabilityPeriodSinceCreationInDays, allowsAppends } }
  })

const containerPage = pageOf(container)

export function parseLogContainers(status: number, body: unknown): Collected<Page<LogContainer>> {
  return parseAnswer(status, body, containerPage)
}

/** The containers that Azure writes logs to; an account may have thousands of others. */
export async function readLogContainers(wire: Wire, accountId: string): Promise<Collected<LogContainer[]>> {
  const read = await readPages(wire, wire.get(`${armPath(`${accountId}/blobServices/default/containers`)}?api-version=${apiVersions.storageContainers}`), parseLogContainers)
  return read.ok ? collected(read.value.filter(({ name }) => /^insights-(logs|activity-logs)/i.test(name))) : read
}
