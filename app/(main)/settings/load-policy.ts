import { cache } from 'react'
import { hasRole } from '@/lib/auth/person'
import { requireViewer } from '@/lib/auth/require-viewer'
import { alternatives, findCheck } from '@/lib/checks'
import { currentPolicy, getDatabase } from '@/lib/db'
import { defaultPolicy } from '@/lib/domain/policy'

/** The stored policy and who looks at it, for the pages of the settings. */
export const loadPolicy = cache(async () => {
  const access = await requireViewer()
  const current = await currentPolicy(getDatabase(), access.viewer.estateId)
  return {
    ...access, current, policy: current?.policy ?? defaultPolicy,
    isAdmin: hasRole(access.person, 'Keypoint.Admin'), mayJudge: hasRole(access.person, 'Keypoint.Operator'),
  }
})

/** What a check or an alternative is called. */
export function titleOf(id: string): string {
  return findCheck(id)?.title ?? alternatives.find((alternative) => alternative.id === id)?.title ?? id
}
