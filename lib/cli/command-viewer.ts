import type { Config } from '@/lib/config'
import { findEstate, type Database } from '@/lib/db'
import type { Viewer } from '@/lib/domain/viewer'
import { KeypointError } from '@/lib/errors'
import { configuredTenantId } from './configured-tenant'

/** The eyes of a command: all of the configured tenant's estate. Throws KeypointError `not-found` when it was never scanned. */
export async function commandViewer(config: Config, db: Database): Promise<Viewer> {
  const tenantId = await configuredTenantId(config)
  const estate = await findEstate(db, { tenantId, isDemo: config.demo })
  if (estate === null) throw new KeypointError('not-found', `No scan of ${config.demo ? 'the demo tenant' : `tenant ${tenantId}`} is stored.`, 'Run `keypoint scan` first.')
  return { estateId: estate.estateId, subscriptions: 'all' }
}
