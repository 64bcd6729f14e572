import { cache } from 'react'
import { requireViewer } from '@/lib/auth/require-viewer'
import { countExempted, getDatabase, getOverview } from '@/lib/db'

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
