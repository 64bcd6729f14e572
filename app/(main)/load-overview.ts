import { cache } from 'react'
import { requireViewer } from '@/lib/auth/require-viewer'
import { countExempted, getDatabase, getOverview, listScans } from '@/lib/db'
import type { ScanRow } from '@/lib/domain/views'

/** The overview of who asks; a page and its title share one query. */
export const loadOverview = cache(async () => {
  const { person, viewer } = await requireViewer()
  return { person, ...(await getOverview(getDatabase(), viewer)) }
})

/** How many gaps of who asks are exempt now, by key point. */
export async function loadExempted() {
  const { viewer } = await requireViewer()
  return countExempted(getDatabase(), viewer)
}

/** The last scan when it failed or was cancelled after the one that is shown; null when it did not. */
export async function laterWithoutResults(shownScanId: string): Promise<ScanRow | null> {
  const { viewer } = await requireViewer()
  const [last] = await listScans(getDatabase(), viewer, { limit: 1 })
  return last !== undefined && last.scanId !== shownScanId && (last.status === 'failed' || last.status === 'cancelled') ? last : null
}
