import type { Definition } from '@/components/ui/definition-list'
import type { Config, IdentityKind } from '@/lib/config'
import type { EstateInfo } from '@/lib/domain/views'

const identityWords: Record<IdentityKind, string> = {
  environment: 'An app registration, from the environment',
  'managed-identity': 'The managed identity of this machine',
  'azure-cli': 'The account that Azure CLI is signed in with',
  none: 'None: each scan reads with the rights of the person who starts it',
}

/** What the product is connected to. It comes from the environment, so it is shown with the variable that sets it; secrets never are. */
export function connectionItems(config: Config, estate: EstateInfo): Definition[] {
  return [
    { term: 'Tenant', value: from(estate.isDemo ? 'Generated demo tenant' : estate.tenantId, estate.isDemo ? 'KEYPOINT_DEMO_TENANT' : 'AZURE_TENANT_ID') },
    { term: 'Cloud', value: from(estate.cloud, 'AZURE_CLOUD') },
    { term: 'Scanning identity', value: from(estate.isDemo ? 'The demo’s own' : identityWords[config.identity], 'KEYPOINT_IDENTITY') },
    ...(config.clientId === null ? [] : [{ term: 'Client id', value: from(config.clientId, 'AZURE_CLIENT_ID') }]),
    ...(config.resourceManagerUrl === null ? [] : [{ term: 'Resource Manager', value: from(config.resourceManagerUrl, 'AZURE_RESOURCE_MANAGER_URL') }]),
    { term: 'Sign-in', value: from(config.signIn === null ? 'None: the demo is open to whoever reaches it' : `App registration ${config.signIn.clientId}, secret set`, 'ENTRA_CLIENT_ID') },
    { term: 'Database', value: from('PostgreSQL; the embedded one where nothing else is named', 'DATABASE_URL') },
  ]
}

function from(value: string, variable: string) {
  return <>{value} <code className="text-muted">{variable}</code></>
}
