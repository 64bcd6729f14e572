export { effectivePolicy, readPolicyFile } from './effective-policy'
export { runScan, type RunScanOptions } from './run-scan'
