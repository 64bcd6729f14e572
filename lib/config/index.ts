export { cloudNames, identityKinds, loadConfig, type CloudName, type Config, type IdentityKind } from './config'
export { proxyFor, proxySetting } from './proxy'
export { sessionSecretsOf } from './session-secret'
