export { effectivePolicy, readPolicyFile } from './effective-policy'
export { judgeAgain, type JudgeAgainOptions } from './judge-again'
export { runScan, type RunScanOptions } from './run-scan'
export { usualMode } from './reading'
