export { cloudNames, identityKinds, loadConfig, type CloudName, type Config, type IdentityKind } from './config'
export { sessionSecretsOf } from './session-secret'
