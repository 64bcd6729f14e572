export { requestScan, type ScanRequest } from './request-scan'
export { startWorker, type WorkerOptions } from './worker'
export { startNotifier, tellOnce, type NotifierOptions } from './notifier'
