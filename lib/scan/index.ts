export { effectivePolicy, readPolicyFile, withPolicyFile } from './effective-policy'
export { judgeAgain, type JudgeAgainOptions } from './judge-again'
export { runScan, type RunScanOptions } from './run-scan'
export { usualMode } from './reading'
