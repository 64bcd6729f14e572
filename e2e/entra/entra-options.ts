import type { LoopbackCertificate } from './certificate'
import type { TestUser } from './users'

/** A delegated Azure token that the server issued. */
export interface IssuedAzureToken {
  token: string
  user: TestUser
  audience: string
  lifetimeSeconds: number
}

export interface EntraOptions {
  tenantId: string
  clientId: string
  clientSecret: string
  /** Base URL of the app that signs people in. */
  appUrl: string
  certificate: LoopbackCertificate
  users: TestUser[]
  /** Lifetime of Azure tokens; an hour unless given. */
  azureTokenSeconds?: number
  /** Told of every Azure token, so that a simulator can accept it. */
  onAzureToken?: (issued: IssuedAzureToken) => void
}
