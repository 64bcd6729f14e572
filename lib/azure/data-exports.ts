import { z } from 'zod'
import type { Collected } from '../domain/collected'
import type { DataExport } from '../domain/estate'
import { apiVersions } from './api-versions'
import { armPath, readPages } from './pages'
import { flag, pageOf, parseAnswer, texts, type Page } from './shape'
import type { Wire } from './wire/wire'

const rule = z
  .object({ name: z.string(), properties: z.object({ enable: flag, tableNames: texts, destination: z.object({ resourceId: z.string() }) }) })
  // Rules are on unless they say otherwise.
  .transform(({ name, properties }): DataExport => ({ name, enabled: properties.enable !== false, tables: properties.tableNames, destinationId: properties.destination.resourceId }))

const rulePage = pageOf(rule)

function parseDataExports(status: number, body: unknown): Collected<Page<DataExport>> {
  return parseAnswer(status, body, rulePage)
}

/** The rules that copy a workspace's tables elsewhere. */
export async function readDataExports(wire: Wire, workspaceId: string): Promise<Collected<DataExport[]>> {
  return await readPages(wire, wire.get(`${armPath(`${workspaceId}/dataExports`)}?api-version=${apiVersions.dataExports}`), parseDataExports)
}
