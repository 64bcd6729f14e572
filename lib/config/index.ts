export { loadConfig, loadWebConfig, type CloudName, type Config, type IdentityKind } from './config'
export { proxyFor } from './proxy'
export { sessionSecretsOf } from './session-secret'
