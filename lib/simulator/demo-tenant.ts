import { KeypointError } from '@/lib/errors'
import { generateTenant, largestTenant, smallestTenant } from './generate'
import type { SimulatedTenant } from './tenant'
import { loadTenantFile } from './tenant-file'

const remedy = `Use generated:RESOURCES or generated:RESOURCES:SEED with ${smallestTenant} to ${largestTenant} resources, or the path of a tenant file.`

/**
 * The tenant that KEYPOINT_DEMO_TENANT names: `generated:RESOURCES[:SEED]` or the path of a tenant file.
 * @param subscriptions of a generated tenant; as many as usual at its size by default.
 * @throws KeypointError `invalid` when the text or the file is not understood.
 */
export function parseDemoTenant(spec: string, subscriptions?: number): SimulatedTenant {
  if (spec.trim() === '') throw new KeypointError('invalid', 'KEYPOINT_DEMO_TENANT is empty.', remedy)
  if (!spec.startsWith('generated')) return loadTenantFile(spec)
  const [, resources, seed] = /^generated:(\d+)(?::(\d+))?$/.exec(spec) ?? []
  const count = Number(resources)
  if (resources === undefined || count < smallestTenant || count > largestTenant) {
    throw new KeypointError('invalid', `KEYPOINT_DEMO_TENANT is '${spec}', which names no tenant.`, remedy)
  }
  return generateTenant({ resources: count, seed: Number(seed ?? 1), subscriptions })
}
