import type { CheckContext } from '@/lib/domain/check'
import { memoByScan } from './context-memo'
import type { Asked } from './coverage'
import { counts, isCentral, mayBeCentral } from './destination'

/** Central destinations alone serve. */
export const centrally = memoByScan((context): Asked => ({
  accepts: (destination) => counts(destination) && isCentral(destination, context),
  perhaps: (destination) => mayBeCentral(destination, context),
}))

/** How the central workspaces came to be so, for evidence. */
export function centralEvidence(context: CheckContext): { basis: string; workspaces: string[] } {
  const { basis, ids } = context.estate.destinations.central
  return { basis, workspaces: ids }
}

/** What a pass must add while nobody has confirmed the central workspaces. */
export function proposalNote(context: CheckContext): string {
  return context.estate.destinations.central.basis === 'confirmed' ? '' : ', which is a proposal until someone confirms it'
}
