import type { Config } from '@/lib/config'
import { demoTenantId } from './demo-tenant-id'

/** The tenant that the configuration names: the demo's, or the real one; empty when it names none. */
export async function configuredTenantId(config: Config): Promise<string> {
  return config.demo ? demoTenantId(config.demoTenant) : (config.tenantId ?? '')
}
