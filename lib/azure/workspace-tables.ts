import { z } from 'zod'
import type { Collected } from '../domain/collected'
import type { WorkspaceTable } from '../domain/estate'
import { apiVersions } from './api-versions'
import { armPath, readPages } from './pages'
import { flag, number, pageOf, parseAnswer, text, type Page } from './shape'
import type { Wire } from './wire/wire'

const table = z
  .object({
    name: z.string(),
    properties: z.object({
      plan: text,
      retentionInDays: number,
      totalRetentionInDays: number,
      retentionInDaysAsDefault: flag,
      totalRetentionInDaysAsDefault: flag,
    }),
  })
  .transform(({ name, properties }): WorkspaceTable => ({ name, ...properties, plan: properties.plan ?? 'Analytics' }))

const tablePage = pageOf(table)

export function parseWorkspaceTables(status: number, body: unknown): Collected<Page<WorkspaceTable>> {
  return parseAnswer(status, body, tablePage)
}

/** Retention and plan of a workspace's tables; their schemas, most of the megabyte that Azure sends, are dropped. */
export async function readWorkspaceTables(wire: Wire, workspaceId: string): Promise<Collected<WorkspaceTable[]>> {
  const path = `${armPath(`${workspaceId}/tables`)}?api-version=${apiVersions.workspaceTables}`
  return await readPages(wire, wire.get(path), parseWorkspaceTables)
}
