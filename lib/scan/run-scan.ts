import type { Azure } from '@/lib/azure'
import { loadCatalog } from '@/lib/catalog'
import type { Database } from '@/lib/db'
import type { Policy } from '@/lib/domain/policy'
import type { ScanProgress, ScanSummary } from '@/lib/domain/scan'
import { carryOut } from './carry-out'
import { ownPartBoard, type OpenPartBoard } from './part-board'
import { scanEstate } from './scan-estate'

export interface RunScanOptions {
  db: Database
  /** Closed when the scan is cancelled or fails; otherwise by the caller. */
  azure: Azure
  estate: { estateId: number; tenantId: string; cloud: string }
  scanId: string
  policy: Policy
  /** True: the caller holds the estate's scan lock, and the scan may be one whose process died. It goes on where it was. */
  interrupted?: boolean
  /** Aborts the scan; what is complete is kept. */
  signal?: AbortSignal
  onProgress?: (progress: ScanProgress) => void
  /** Where its parts are given out; absent: this process reads them all. */
  openBoard?: OpenPartBoard
}

/**
 * Runs one queued scan to its end and stores it: discover, collect, evaluate, finish.
 * A refused or failed read becomes `unknown` findings and a partial scan.
 * @throws KeypointError when the scan as a whole is impossible (it is stored as failed first), or `conflict` when it is not queued.
 */
export function runScan({ db, azure, estate, scanId, policy, interrupted, signal, onProgress, openBoard = ownPartBoard }: RunScanOptions): Promise<ScanSummary> {
  return carryOut({ db, scanId, policyVersion: policy.version, interrupted, counts: azure.counts, signal, onProgress }, (claimed, progress, aborted, saveOwn) => {
    // An answer, or the end of a pause that Azure asked for, may be minutes away.
    if (aborted.aborted) azure.close()
    else aborted.addEventListener('abort', () => azure.close(), { once: true })
    return scanEstate({ db, azure, estate, claimed, policy, catalog: loadCatalog(), progress, signal: aborted, saveOwn, openBoard })
  })
}
