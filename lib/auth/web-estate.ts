import { cache } from 'react'
import { getDatabase, getEstate } from '@/lib/db'
import type { EstateInfo } from '@/lib/domain/views'
import { KeypointError } from '@/lib/errors'
import { webConfig } from './web-settings'

/**
 * The estate that the pages show.
 * @throws KeypointError `not-configured` outside `keypoint serve`, which names it.
 */
export const webEstate = cache(async (): Promise<EstateInfo> => {
  const { estateId } = webConfig()
  if (estateId === null) throw new KeypointError('not-configured', 'KEYPOINT_ESTATE_ID is not set in the web process.', 'Start the app with `keypoint serve`.')
  return await getEstate(getDatabase(), estateId)
})
