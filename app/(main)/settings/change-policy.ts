import { revalidatePath } from 'next/cache'
import type { ActionAnswer } from '@/components/ui/action-answer'
import { requireViewer } from '@/lib/auth/require-viewer'
import { currentPolicy, getDatabase, savePolicy } from '@/lib/db'
import { defaultPolicy, type Policy } from '@/lib/domain/policy'
import { toAnswer } from '../to-answer'

/**
 * For an Admin: saves the stored policy with a change as its next version. `version` is the one that the form showed, so that two
 * people do not overwrite each other; what the change does not name stays as it is.
 */
export async function changePolicy(version: number, change: (stored: Policy) => Policy): Promise<ActionAnswer> {
  const { person, viewer } = await requireViewer('Keypoint.Admin')
  const db = getDatabase()
  const stored = (await currentPolicy(db, viewer.estateId))?.policy ?? defaultPolicy
  const outcome = await toAnswer(() => savePolicy(db, viewer, { ...change(stored), version }, person.username))
  if (!outcome.ok) return outcome
  revalidatePath('/settings', 'layout')
  return { ok: true, message: `Saved as version ${outcome.value.version}. The next scan judges by it; judge again to see it at once.` }
}
