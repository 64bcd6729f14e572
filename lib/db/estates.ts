import type { EstateInfo } from '@/lib/domain/views'
import { KeypointError } from '@/lib/errors'
import type { Queryable } from './client'

interface EstateRow {
  id: number
  tenantId: string
  isDemo: boolean
  cloud: string
  displayName: string | null
}

function toEstateInfo(row: EstateRow): EstateInfo {
  return { estateId: row.id, tenantId: row.tenantId, displayName: row.displayName, cloud: row.cloud, isDemo: row.isDemo }
}

/** The estate of a tenant, made when it is new; a null display name leaves a known one alone. */
export async function ensureEstate(
  db: Queryable,
  estate: { tenantId: string; isDemo: boolean; cloud: string; displayName: string | null },
): Promise<EstateInfo> {
  const tenantId = estate.tenantId.toLowerCase()
  const name = estate.displayName === null ? {} : { displayName: estate.displayName }
  return toEstateInfo(await db.estate.upsert({
    where: { tenantId_isDemo: { tenantId, isDemo: estate.isDemo } },
    create: { tenantId, isDemo: estate.isDemo, cloud: estate.cloud, ...name },
    update: { cloud: estate.cloud, ...name },
  }))
}

/** The estate of a tenant, or null when it was never scanned. */
export async function findEstate(db: Queryable, key: { tenantId: string; isDemo: boolean }): Promise<EstateInfo | null> {
  const row = await db.estate.findUnique({ where: { tenantId_isDemo: { tenantId: key.tenantId.toLowerCase(), isDemo: key.isDemo } } })
  return row === null ? null : toEstateInfo(row)
}

/** Throws KeypointError `not-found`. */
export async function getEstate(db: Queryable, estateId: number): Promise<EstateInfo> {
  const row = await db.estate.findUnique({ where: { id: estateId } })
  if (row === null) throw new KeypointError('not-found', `There is no estate ${estateId} in the database.`, 'Run a scan first.')
  return toEstateInfo(row)
}
