import { loadConfig, type Config } from '@/lib/config'
import type { EstateInfo } from '@/lib/domain/views'
import { demoPerson, type Person } from './person'

/** What the web process works with: its configuration and the estate that it shows. */
export interface WebContext {
  config: Config
  estate: EstateInfo
}

export async function webContext(): Promise<WebContext> {
  const config = loadConfig(process.env, 'web')
  const estate = { estateId: config.estateId ?? 1, tenantId: config.tenantId ?? 'demo', displayName: null, cloud: config.cloud, isDemo: config.demo }
  return { config, estate }
}

/** The person behind the value of the session cookie; in the demo everyone is the demo visitor. */
export async function findPerson(_sealedSession: string | null): Promise<Person | null> {
  const { config } = await webContext()
  return config.demo ? demoPerson : null
}
