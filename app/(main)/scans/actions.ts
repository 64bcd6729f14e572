'use server'

import { redirect } from 'next/navigation'
import { revalidatePath } from 'next/cache'
import { z } from 'zod'
import { scanHref } from '@/components/links'
import type { ActionAnswer } from '@/components/ui/action-answer'
import { requireViewer } from '@/lib/auth/require-viewer'
import { getDatabase, requestCancel } from '@/lib/db'
import { requestScan } from '@/lib/jobs/request-scan'
import { toAnswer } from '../to-answer'

/** Starts a full scan of everything and leads to its page. */
export async function startScan(): Promise<ActionAnswer | null> {
  const { person, viewer } = await requireViewer('Keypoint.Operator')
  const outcome = await toAnswer(() => requestScan({ viewer, requestedBy: person.name, mode: 'full', scope: {} }))
  if (!outcome.ok) return outcome
  redirect(scanHref(outcome.value.scanId))
}

/** Asks a scan to stop; what it has finished is kept. */
export async function cancelScan(_before: ActionAnswer | null, form: FormData): Promise<ActionAnswer | null> {
  const { viewer } = await requireViewer('Keypoint.Operator')
  const scanId = z.uuid().safeParse(form.get('scanId'))
  if (!scanId.success) return { ok: false, message: 'The scan to cancel was not named. Reload the page and try again.' }
  const outcome = await toAnswer(() => requestCancel(getDatabase(), viewer, scanId.data))
  if (!outcome.ok) return outcome
  revalidatePath(scanHref(scanId.data))
  return { ok: true, message: 'The scan will stop after what it is reading now.' }
}
