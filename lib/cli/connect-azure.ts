import { cloudEndpoints, createAzure, createCredential, createSimulatorCredential, type Azure } from '@/lib/azure'
import type { Config } from '@/lib/config'
import { openSharedBuckets } from '@/lib/db'
import { KeypointError } from '@/lib/errors'
// Not the folder's index: it would load the simulator's query parser into this process.
import { startSimulatorProcess } from '@/lib/simulator/process'
import type { TokenCredential } from '@azure/core-auth'

/** A way to Azure, and the estate that lies there. */
export interface AzureConnection {
  azure: Azure
  tenantId: string
  cloud: string
  displayName: string | null
  close(): Promise<void>
}

export interface ConnectOptions {
  signal?: AbortSignal
  /** A signed-in person's credential, used in place of the scanning identity. */
  delegated?: { credential: TokenCredential; objectId: string | null }
  /** Where this process shares Azure's limits with others of the same principal; absent: it has them for itself. */
  databaseUrl?: string
}

/**
 * Connects with the scanning identity, or to the demo tenant.
 * @throws KeypointError `not-configured` when there is neither an identity nor a person to scan with.
 */
export async function connectAzure(config: Config, options: ConnectOptions = {}): Promise<AzureConnection> {
  const { signal, delegated, databaseUrl } = options
  if (config.demo) return connectDemo(config, signal)
  const endpoints = cloudEndpoints(config.cloud, {
    authorityHost: config.authorityHost ?? undefined,
    armEndpoint: config.resourceManagerUrl ?? undefined,
    logAnalyticsEndpoint: config.logAnalyticsUrl ?? undefined,
  })
  const tenantId = config.tenantId ?? ''
  if (config.identity === 'none' && delegated === undefined) {
    throw new KeypointError('not-configured', 'There is no scanning identity: KEYPOINT_IDENTITY is none.', 'Set AZURE_CLIENT_ID with a secret or certificate, or KEYPOINT_IDENTITY to managed-identity or azure-cli; or start the scan in the browser with your own rights.')
  }
  const credential = delegated?.credential ?? createCredential({
    kind: config.identity === 'none' ? 'environment' : config.identity,
    tenantId,
    clientId: config.clientId ?? undefined,
    clientSecret: config.clientSecret ?? undefined,
    certificatePath: config.clientCertificatePath ?? undefined,
    federatedTokenFile: config.federatedTokenFile ?? undefined,
    authorityHost: endpoints.authorityHost,
    authorityIsPrivate: endpoints.authorityIsPrivate,
  })
  const logAnalytics = { endpoint: endpoints.logAnalyticsEndpoint, scope: `${endpoints.logAnalyticsEndpoint}/.default` }
  const sharedBuckets = databaseUrl === undefined ? undefined : openSharedBuckets(databaseUrl, principalOf(config, delegated))
  const azure = createAzure({ endpoint: endpoints.armEndpoint, scope: endpoints.armScope, logAnalytics, credential, tenantId, cloud: config.cloud, signal, sharedBuckets })
  return {
    azure, tenantId, cloud: config.cloud, displayName: null,
    close: async () => {
      azure.close()
      await sharedBuckets?.close()
    },
  }
}

/** Whose limits are shared: Azure counts a person's requests together, whichever browser they signed in with. Managed identities of different machines may be different ones: taking them for one is slower, and never over a limit. */
function principalOf(config: Config, delegated: ConnectOptions['delegated']): string {
  if (delegated !== undefined) return `${config.tenantId ?? ''} person ${delegated.objectId ?? ''}`.toLowerCase()
  return `${config.tenantId ?? ''} ${config.identity} ${config.clientId ?? ''}`.toLowerCase()
}

async function connectDemo(config: Config, signal?: AbortSignal): Promise<AzureConnection> {
  const simulator = await startSimulatorProcess({ tenant: config.demoTenant })
  const azure = createAzure({
    endpoint: simulator.url,
    scope: `${simulator.url}/.default`,
    logAnalytics: { endpoint: simulator.url, scope: `${simulator.url}/.default` },
    credential: createSimulatorCredential(simulator.url, simulator.tenantId),
    tenantId: simulator.tenantId,
    cloud: 'AzureCloud',
    signal,
  })
  return {
    azure,
    tenantId: simulator.tenantId,
    cloud: 'AzureCloud',
    displayName: 'Demo tenant',
    close: () => simulator.stop(),
  }
}
