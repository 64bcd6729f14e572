'use server'

import { redirect } from 'next/navigation'
import { revalidatePath } from 'next/cache'
import { scanHref } from '@/components/links'
import type { ActionAnswer } from '@/components/ui/action-answer'
import { scanRights } from '@/lib/auth/delegated-access'
import { requireViewer } from '@/lib/auth/require-viewer'
import { getDatabase, requestCancel } from '@/lib/db'
import { requestScan } from '@/lib/jobs/request-scan'
import { log } from '@/lib/log'
import { idOf } from '../form-input'
import { toAnswer } from '../to-answer'

const everything = { mode: 'full', scope: {} } as const

/** Starts a full scan of everything and leads to its page; by way of Entra where it needs the person's own access first. */
export async function startScan(): Promise<ActionAnswer | null> {
  const { person, viewer } = await requireViewer('Keypoint.Operator')
  const outcome = await toAnswer(async () => {
    const rights = await scanRights(person, everything)
    return requestScan({ viewer, requestedBy: person.name, ...everything, ...rights })
  })
  if (!outcome.ok) return outcome
  redirect(scanHref(outcome.value.scanId))
}

/** Asks a scan to stop; what it has finished is kept. */
export async function cancelScan(_before: ActionAnswer | null, form: FormData): Promise<ActionAnswer | null> {
  const { person, viewer } = await requireViewer('Keypoint.Operator')
  const scanId = idOf(form, 'scanId')
  if (scanId === null) return { ok: false, message: 'The scan to cancel was not named. Reload the page and try again.' }
  const outcome = await toAnswer(() => requestCancel(getDatabase(), viewer, scanId))
  if (!outcome.ok) return outcome
  log('info', 'a scan was asked to stop', { scanId, by: person.username })
  revalidatePath(scanHref(scanId))
  return { ok: true, message: 'The scan will stop after what it is reading now.' }
}
