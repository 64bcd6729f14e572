import { parseDemoTenant } from '@/lib/simulator/demo-tenant'

/** The tenant id that a demo specification stands for. */
export async function demoTenantId(spec: string): Promise<string> {
  return parseDemoTenant(spec).tenantId
}
